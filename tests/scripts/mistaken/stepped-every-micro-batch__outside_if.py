# expect: 52
import torch
from datasets import load_dataset
from peft import LoraConfig, get_peft_model
from torch.optim import AdamW
from torch.utils.data import DataLoader
from tqdm import tqdm
from transformers import AutoModelForCausalLM, AutoTokenizer, get_linear_schedule_with_warmup

model_id = "meta-llama/Llama-2-7b-hf"
batch_size = 2
grad_accum = 16
epochs = 3
lr = 2e-4

tokenizer = AutoTokenizer.from_pretrained(model_id)
tokenizer.pad_token = tokenizer.eos_token
model = AutoModelForCausalLM.from_pretrained(model_id, torch_dtype=torch.bfloat16, device_map="auto")
model = get_peft_model(model, LoraConfig(r=16, lora_alpha=32, target_modules=["q_proj", "v_proj"], task_type="CAUSAL_LM"))
model.print_trainable_parameters()

dataset = load_dataset("tatsu-lab/alpaca", split="train")


def format_and_tokenize(example):
    text = f"### Instruction:\n{example['instruction']}\n### Response:\n{example['output']}"
    out = tokenizer(text, truncation=True, max_length=512, padding="max_length")
    out["labels"] = out["input_ids"].copy()
    return out


dataset = dataset.map(format_and_tokenize, remove_columns=dataset.column_names)
dataset.set_format("torch")
loader = DataLoader(dataset, batch_size=batch_size, shuffle=True)

optimizer = AdamW(model.parameters(), lr=lr)
num_update_steps = len(loader) // grad_accum * epochs
scheduler = get_linear_schedule_with_warmup(optimizer, int(0.03 * num_update_steps), num_update_steps)

model.train()
for epoch in range(epochs):
    running = 0.0
    for step, batch in enumerate(tqdm(loader)):
        batch = {k: v.to(model.device) for k, v in batch.items()}
        loss = model(**batch).loss / grad_accum
        loss.backward()
        running += loss.item()
        if (step + 1) % grad_accum == 0:
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
        scheduler.step()
        if step % 200 == 0:
            print(f"epoch {epoch} step {step} loss {loss.item() * grad_accum:.4f} lr {scheduler.get_last_lr()[0]:.2e}")
    model.save_pretrained(f"lora-epoch{epoch}")
