/** Hands a file to the browser, which keeps it where the person wants it. */
export function download(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** The rows that an import refused, to be mended and sent again. */
export function refusedSave(name: string, file: string): void {
  download(new Blob([file], { type: 'text/csv' }), `${name}.refused.csv`);
}
