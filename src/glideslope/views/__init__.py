"""What people see: each view takes traces or results and returns text or a figure. No view imports torch."""
