// Makes any text fit for XML 1.0. Pure.

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/**
 * Element text: markup as entities, terminal colours taken out, line ends as `\n`, and what XML cannot hold at all
 * (control characters, halves of surrogate pairs) as U+FFFD.
 */
export function escapeXmlText(text: string): string {
  return text
    .replaceAll(/\u001b\[[\d;]*[A-Za-z]/g, '')
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd')
    .replaceAll(/[&<>"]/g, (char) => ENTITIES[char] ?? char);
}

/** The same for an attribute in double quotes, with line ends and tabs written so that a parser keeps them. */
export function escapeXmlAttribute(text: string): string {
  return escapeXmlText(text).replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');
}
