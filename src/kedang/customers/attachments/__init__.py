"""Files of a dossier (附件): attached, shown with a watermark, taken out; their bytes lie sealed in `files`."""
