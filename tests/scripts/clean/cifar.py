import torch, torchvision
import torch.nn as nn
import torch.optim as optim
from torch.utils.data import DataLoader

EPOCHS = 200
trainset = torchvision.datasets.CIFAR10("data", train=True, download=True)
trainloader = DataLoader(trainset, batch_size=128, shuffle=True)
testloader = DataLoader(torchvision.datasets.CIFAR10("data", train=False), batch_size=100)
net = torchvision.models.resnet18(num_classes=10).cuda()
criterion = nn.CrossEntropyLoss()
optimizer = optim.SGD(net.parameters(), lr=0.1, momentum=0.9, weight_decay=5e-4)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=200)
best_acc = 0

def train(epoch):
    net.train()
    for batch_idx, (inputs, targets) in enumerate(trainloader):
        inputs, targets = inputs.cuda(), targets.cuda()
        optimizer.zero_grad()
        loss = criterion(net(inputs), targets)
        loss.backward()
        optimizer.step()

def test(epoch):
    global best_acc
    net.eval()
    correct = total = 0
    with torch.no_grad():
        for inputs, targets in testloader:
            correct += net(inputs.cuda()).argmax(1).eq(targets.cuda()).sum().item()
            total += targets.size(0)
    acc = 100.0 * correct / total
    if acc > best_acc:
        torch.save({"net": net.state_dict(), "acc": acc, "epoch": epoch}, "ckpt.pth")
        best_acc = acc

for epoch in range(EPOCHS):
    train(epoch)
    test(epoch)
    scheduler.step()
