"""The sample company of `kedang demo`: invented, the same every time, and made through the product's own deeds."""
