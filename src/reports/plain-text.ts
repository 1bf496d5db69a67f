// Makes any text fit for files that other programs read as text. Pure; knows no format.

/**
 * Terminal colours taken out; what is no character of a text at all (control characters but tabs and line ends, halves of
 * surrogate pairs) as U+FFFD.
 */
export function toPlainText(text: string): string {
  return text
    .replaceAll(/\u001b\[[\d;]*[A-Za-z]/g, '')
    .replaceAll(
      /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]|\p{Surrogate}/gu,
      '\ufffd',
    );
}
