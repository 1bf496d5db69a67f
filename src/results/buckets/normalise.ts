// Takes out of a failure message what differs between two runs into the same bug. Pure; knows no jobs.

/** Longest message looked at, and longest signature made, in characters. */
const MAX_MESSAGE_CHARS = 600;
const MAX_SIGNATURE_CHARS = 200;

const MAX_PASSES = 6;

const SOURCE_FILE = String.raw`[\w./\\~+-]*\w\.(?:svh?|vh?|vhdl?|sva|vlt|cc?|cpp|cxx|hh?|hpp|py|tcl|do|ts|js|scala|mk|o|a|so|log|hjson|json|ya?ml|core|mem|hex|vmem|elf|bin|sh|pl|f|txt)`;
const TIME_UNIT = String.raw`(?:[fpnum]?s|sec|secs|seconds?|min|minutes?|hours?)`;

interface Rule {
  readonly find: RegExp;
  readonly replace: string | ((match: string, ...groups: (string | undefined)[]) => string);
}

/** In this order: each rule relies on what those before it have folded. */
const RULES: readonly Rule[] = [
  // Terminal colours and other control characters.
  { find: /\u001b\[[\d;]*[A-Za-z]|[\u0000-\u0008\u000b-\u001f\u007f]/g, replace: '' },
  // Where and when UVM reported: the severity, the id and the message say what.
  {
    find: /\b(UVM_(?:INFO|WARNING|ERROR|FATAL))\b[^@]{0,300}@(?:(?!\s\[).){0,300}\s(\[[^\]]+\])/,
    replace: '$1 $2',
  },
  { find: /\b(g?make)(?:\[\d+\])?:/g, replace: '$1:' },
  { find: /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z?\b/g, replace: '<time>' },
  { find: /\b\d{1,2}:\d\d:\d\d(?:\.\d+)?\b/g, replace: '<time>' },
  // Files with a place in them: "f.sv", 12: | f.sv(12) | (f.sv,12|3) | f.sv, line 12 | f.sv:12:3 | f.sv line 12.
  {
    find: new RegExp(
      String.raw`["']?${SOURCE_FILE}\b["']?(?:,? (?:at )?line \d+|, ?\d+(?:\|\d+)?|\(\d+(?:[.,:]\d+)*\)|(?::\d+)+(?:[-.]\d+)*)?`,
      'g',
    ),
    replace: '<file>',
  },
  { find: /\b[Mm]akefile(?::\d+)?/g, replace: '<file>' },
  // Other paths: absolute, explicitly relative, or of three parts and more.
  { find: /(?<![\w>)\]])(?:~|\.{1,2})?\/[\w.+@%-]+(?:\/[\w.+@%-]*)*(?::\d+)*/g, replace: '<file>' },
  { find: /(?<![\w>/])(?=[\w/+-]*[._\d])[\w.+-]+(?:\/[\w.+-]+){2,}(?::\d+)*/g, replace: '<file>' },
  // What an assertion offends against is its cause, whatever it is quoted in.
  { find: /\bOffending '(.*)'/g, replace: 'Offending <<$1>>' },
  // Quoted names.
  {
    find: /(?<![\w'"`])(?:'[\w$.:[\]<>/\\+-]+'|"[\w$.:[\]<>/\\+-]+"|`[\w$.:[\]<>/\\+-]+'|`[\w$.:[\]<>/\\+-]+`|[‘“][^’”\s]+[’”])(?!\w)/g,
    replace: '<name>',
  },
  { find: /<<(.*)>>/g, replace: "'$1'" },
  // Times, in simulation and on the wall.
  { find: new RegExp(String.raw`\b\d+(?:\.\d+)?\s?${TIME_UNIT}\b`, 'gi'), replace: '<time>' },
  { find: /@\s*(?:\d[\d.]*|<time>)/g, replace: '@ <time>' },
  { find: /\b(time:?\s+|t\s?=\s?)\d[\d.]*/gi, replace: '$1<time>' },
  // Values: Verilog literals, 0x.., UUIDs, and words that are nothing but hexadecimal digits.
  { find: /(?:\b\d+)?'[sS]?[hHdDbBoO]\s?[\da-fA-FxXzZ_?]+/g, replace: '<n>' },
  { find: /\b0[xX][\da-fA-F_xXzZ]+\b/g, replace: '<n>' },
  { find: /\b[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\b/gi, replace: '<n>' },
  { find: /(?<==\s?)[\da-fA-FxXzZ](?![\w$])/g, replace: '<n>' },
  { find: /(?<![\w.$-])(?:[\da-fA-F]{2,}|[xXzZ]{2,}|[\dxXzZ]{2,})(?![\w$])/g, replace: foldHexWord },
  // Instances: the last name is kept, for there the assertion's name stands.
  {
    find: /(?<![\w$.>])[A-Za-z_$][\w$]*(?:\[[^\]\s]*\])*(?:\.[A-Za-z_$][\w$]*(?:\[[^\]\s]*\])*)*\.([A-Za-z_$][\w$]*)(?:\[[^\]\s]*\])*/g,
    replace: '<inst>.$1',
  },
  // Numbers, also within names; but not the numbers of a tool's messages: (vlog-2110).
  {
    find: /(\((?:vlog|vsim|vopt|vcom|vlib|vmap|qrun)-\d+\))|[-+]?\b\d+(?:[.,]\d+)*(?:e[-+]?\d+)?\b%?|\d+/g,
    replace: foldNumber,
  },
  { find: /<n>(?:[ ,]+<n>)+/g, replace: '<n>' },
  { find: /\s+/g, replace: ' ' },
];

/** English among the words of hexadecimal digits. */
const HEX_LIKE_WORDS = new Set('be ad ed dead deaf face fade cafe deed feed beef bead'.split(' '));

/** Folds `1f`, `ff`, `xxxx`, `deadbeef`; leaves words, and lengths that no value of bits is written with. */
function foldHexWord(word: string): string {
  if (/\d/.test(word)) return '<n>';
  if (HEX_LIKE_WORDS.has(word.toLowerCase())) return word;
  return word.length === 2 || word.length === 4 || word.length >= 8 ? '<n>' : word;
}

function foldNumber(_number: string, toolMessage: string | undefined): string {
  return toolMessage ?? '<n>';
}

/**
 * The message without its times, places, values, seeds, numbers, quoted names and instance paths, in one line of at most
 * 200 characters. Messages of one cause become equal; `normalise(normalise(x))` is `normalise(x)`.
 */
export function normaliseMessage(message: string): string {
  let text = message.slice(0, MAX_MESSAGE_CHARS);
  // What one rule leaves may be what an earlier one looks for; rarely so, and never often.
  for (let pass = 0, before = ''; before !== text && pass < MAX_PASSES; pass++) {
    before = text;
    for (const { find, replace } of RULES) {
      text = typeof replace === 'string' ? text.replace(find, replace) : text.replace(find, replace);
    }
  }
  text = text.trim();
  return text.length <= MAX_SIGNATURE_CHARS ? text : `${text.slice(0, MAX_SIGNATURE_CHARS - 1).trimEnd()}…`;
}
