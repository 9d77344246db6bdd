# expect: 5
import torch.optim.lr_scheduler as S
TABLE = {"cos": S.CosineAnnealingLR, "poly": S.PolynomialLR}
def build(opt, name, n):
    return TABLE[name](opt, n, verbose=False)
