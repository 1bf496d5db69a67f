// Pins what a pass or fail pattern means: Python's and JavaScript's spellings, and that no match leaves its line.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compilePattern } from '../../src/model/pattern.js';

function matches(pattern: string, text: string): boolean {
  const compiled = compilePattern(pattern);
  if (compiled.kind === 'invalid') throw new Error(compiled.message);
  const at = new RegExp(compiled.source, 'm').exec(text)?.index;
  return at !== undefined && at < text.length;
}

describe('compilePattern', () => {
  test.each([
    // Anchors and line ends.
    ['^ERROR', 'ok\nERROR here\n', true],
    ['^ERROR', 'no ERROR here\n', false],
    ['PASSED$', 'TEST PASSED\nmore\n', true],
    ['PASSED$', 'TEST PASSED now\n', false],
    ['\\ATEST PASSED\\Z', 'x\nTEST PASSED\ny\n', true],
    ['\\\\A', 'a \\A b\n', true],
    ['^$', 'a\n', false],
    ['^$', 'a\n\nb\n', true],
    ['^$', '\n', true],
    ['', '\n', true],
    // Nothing crosses a line end...
    ['ERROR\\s+UART', 'ERROR\nUART\n', false],
    ['ERROR\\s+UART', 'ERROR \t UART\n', true],
    ['a[^x]b', 'a\nb\n', false],
    ['a\\Wb', 'a\nb\n', false],
    ['a\\Db', 'a\nb\n', false],
    ['a[\\s,]b', 'a\nb\n', false],
    ['a[\\s,]b', 'a b\n', true],
    ['a[\\W]b', 'a\nb\n', false],
    ['a[\\W]b', 'a-b\n', true],
    ['a[\\D]b', 'a\nb\n', false],
    ['a[\\s\\S]b', 'a\nb\n', false],
    ['a[\\x00-\\x1f]b', 'a\nb\n', false],
    ['a[\\x00-\\x1f]b', 'a\x01b\n', true],
    ['(?s)a.*b', 'a\nb\n', false],
    ['a(?!\\s*b)', 'a\nb\n', true],
    ['a(?!\\s*b)', 'a b\n', false],
    // ... unless it says so.
    ['a\\nb', 'a\nb\n', true],
    ['a\nb', 'a\nb\n', true],
    ['a\\x0ab', 'a\nb\n', true],
    ['a[\\n ]b', 'a\nb\n', true],
    ['a\\s*\\nb', 'a  \nb\n', true],
    // Flags.
    ['(?i)error', 'An Error\n', true],
    ['(?i)\\xe9rreur', 'ÉRREUR\n', true],
    ['(?i)[a-c]x', 'BX\n', true],
    ['(?i)[^a-c]x', 'BX\n', false],
    ['(?i:warn)ing', 'WARNing\n', true],
    ['(?i:warn)ing', 'WARNING\n', false],
    ['(?i)a(?-i:b)', 'Ab\n', true],
    ['(?i)a(?-i:b)', 'AB\n', false],
    ['(?i)(?-i:b)a', 'bA\n', true],
    ['(?x) a b # comment\n c', 'abc\n', true],
    ['(?ix) A [ ] b', 'a B\n', true],
    ['(?m)^b', 'a\nb\n', true],
    // Groups.
    ['(?P<q>[\'"])x(?P=q)', `"x"\n`, true],
    ['(?P<q>[\'"])x(?P=q)', `"x'\n`, false],
    ['(a|b)\\1', 'ab\n', false],
    ['(a|b)\\1', 'bb\n', true],
    ['(a)(b)\\2', 'abb\n', true],
    ['(?<q>a)\\k<q>', 'aa\n', true],
    ['(?:a|b)+c', 'abac\n', true],
    ['(?<=: )fail', 'x: fail\n', true],
    ['(?#note)a', 'a\n', true],
    // Python's corners.
    ['a{,2}b', 'aab\n', true],
    ['^a{,2}b', 'aaab\n', false],
    ['a{x', 'a{x\n', true],
    ['[]x]y', ']y\n', true],
    ['[^]x]y', ']y\n', false],
    ['[a\\-z]', '-\n', true],
    ['[a-]', '-\n', true],
    ['[\\w-]+!', 'a-b!\n', true],
    ['\\x41\\u0042\\103', 'ABC\n', true],
    ['\\0x', '\0x\n', true],
    ['\\a', '\x07\n', true],
    ['\\.\\*\\/', '.*/\n', true],
    ['[\\b]', '\b\n', true],
    ['\\bfoo\\b', 'a foo b\n', true],
    // Leading wildcards are dropped, without a change of meaning.
    ['.*foo', 'a foo\n', true],
    ['.*foo|.*bar', 'a bar\n', true],
    ['^.*foo', 'a foo\n', true],
    ['.+foo', 'foo\n', false],
    ['.+foo', 'xfoo\n', true],
    ['.*', '\n', true],
    ['.*?foo', 'foo\n', true],
    // Non-ASCII.
    ['échec', 'un échec\n', true],
    ['[é-ü]', 'ö\n', true],
  ])('%j on %j: %s', (pattern, text, expected) => {
    expect(matches(pattern, text)).toBe(expected);
  });

  test.each([
    ['(', 'Unterminated group'],
    ['a)', "Unmatched ')'"],
    ['[a', 'Unterminated character class'],
    ['[]', 'Unterminated character class'],
    ['*a', 'Nothing to repeat'],
    ['a**', 'Nothing to repeat'],
    ['\\', '\\ at end of pattern'],
    ['\\q', 'unknown escape \\q'],
    ['[\\Z]', 'unknown escape \\Z in a class'],
    ['\\1', '\\1 refers to a group that is not there'],
    ['(?P=x)', '(?P=x) refers to a group that is not there'],
    ['(?i)(a)\\1', 'back-reference \\1 under the flag i is not supported'],
    ['(?>a)', '(?>a is not supported'],
    ['a(?i)', 'flags (?i) must stand at the start of the pattern'],
    ['[z-a]', 'bad character range z-a'],
    ['a{3,2}', 'numbers out of order in {} quantifier'],
  ])('%j is invalid: %s', (pattern, message) => {
    expect(compilePattern(pattern)).toEqual({ kind: 'invalid', message });
  });

  test.each([
    ['a.b', false],
    ['a\\sb', false],
    ['[^\\n]', false],
    ['[\\x00-\\x1f]', false],
    ['a\\nb', true],
    ['[\\r\\n]', true],
  ])('%j spans lines: %s', (pattern, spansLines) => {
    expect(compilePattern(pattern)).toMatchObject({ kind: 'compiled', spansLines });
  });

  test('lets joined patterns keep their own groups and cases', () => {
    const sources = ['(?i)fatal', '(?P<q>["\'])bad(?P=q)', '(?P<q>x)-(?P=q)', '(y)\\1'].map(
      (pattern, index) => {
        const compiled = compilePattern(pattern, `p${index}g`);
        return compiled.kind === 'compiled' ? `(?:${compiled.source})` : compiled.message;
      },
    );
    const joined = new RegExp(sources.join('|'), 'm');
    for (const text of ['FATAL', '"bad"', 'x-x', 'yy']) expect(joined.test(`${text}\n`)).toBe(true);
    for (const text of ['BAD', `"bad'`, 'y']) expect(joined.test(`${text}\n`)).toBe(false);
  });

  test('finds in many lines what the plain expression finds in one of them alone', () => {
    const atom = fc.constantFrom(
      'a',
      'b',
      '.',
      '\\s',
      '\\w',
      '\\W',
      '\\d',
      '\\D',
      '\\S',
      '[^a]',
      '[ab]',
      '[\\s-]',
      '$',
      '^',
      '\\b',
    );
    const quantified = fc
      .tuple(atom, fc.constantFrom('', '', '*', '+?', '{1,2}'))
      .map(([one, many]) => (/[$^b]$/.test(one) && one !== 'b' ? one : one + many));
    const sequence = fc.array(quantified, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''));
    const pattern = fc.oneof(
      sequence,
      fc.tuple(sequence, sequence).map(([one, two]) => `${one}|${two}`),
      fc.tuple(sequence, sequence).map(([one, two]) => `(${one})${two}`),
      fc.tuple(sequence, sequence).map(([one, two]) => `${one}(?!${two})`),
      fc.tuple(sequence, sequence).map(([one, two]) => `(?<=${one})${two}`),
    );
    const line = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '-', '1'), maxLength: 6 });
    fc.assert(
      fc.property(pattern, fc.array(line, { minLength: 1, maxLength: 5 }), (source, lines) => {
        const alone = lines.some((text) => new RegExp(source).test(text));
        expect(matches(source, lines.map((text) => `${text}\n`).join(''))).toBe(alone);
      }),
      { numRuns: 3000, seed: 20261124 },
    );
  });
});
