// Makes any text fit for XML 1.0. Pure.
import { toPlainText } from './plain-text.js';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Most names and paths: nothing in them means anything to XML. */
const HARMLESS = /^[\w .,:;/+=~@-]*$/;

/** Element text: {@link toPlainText}, line ends as `\n`, markup as entities. */
export function escapeXmlText(text: string): string {
  if (HARMLESS.test(text)) return text;
  return toPlainText(text)
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[&<>"]/g, (char) => ENTITIES[char] ?? char);
}

/** The same for an attribute in double quotes, with line ends and tabs written so that a parser keeps them. */
export function escapeXmlAttribute(text: string): string {
  if (HARMLESS.test(text)) return text;
  return escapeXmlText(text).replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');
}
