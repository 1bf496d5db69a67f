// Bundles the page of the HTML report into one template without a reference to anything outside: `dist/reports/page.html`.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform, type Metafile } from 'esbuild';
import { DATA_MARK } from '../src/reports/html.js';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const SOURCE = join(ROOT, 'src/reports/page');
const TARGET = join(ROOT, 'dist/reports/page.html');

const readSource = (name: string): string => readFileSync(join(SOURCE, name), 'utf8');

async function bundleScript(): Promise<{ readonly text: string; readonly metafile: Metafile }> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [join(SOURCE, 'main.tsx')],
    bundle: true,
    minify: true,
    format: 'iife',
    // Browsers of the last few years; the oldest is what a frozen corporate desktop may still have.
    target: ['chrome111', 'firefox115', 'safari16.4'],
    legalComments: 'none',
    write: false,
    metafile: true,
  });
  return { text: outputFiles[0]?.text.trim() ?? '', metafile };
}

/** Licences of what was bundled: each asks to be handed on. */
function gatherLicences({ inputs }: Metafile): string {
  const names = Object.keys(inputs).flatMap(
    (path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [],
  );
  const texts = [...new Set(names)].sort().map((name) => {
    const folder = join(ROOT, 'node_modules', name);
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
    return `${name} ${version}\n\n${readFileSync(join(folder, 'LICENSE'), 'utf8').trim()}`;
  });
  return `<!--\nThis page holds, in part:\n\n${texts.join('\n\n').replaceAll('--', '- -')}\n-->`;
}

/** For a policy that lets exactly this text be used. */
function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

const { text: script, metafile } = await bundleScript();
// The library's looks come first, so that the page's own prevail.
const chartStyle = readFileSync(join(ROOT, 'node_modules/uplot/dist/uPlot.min.css'), 'utf8');
const { code } = await transform(chartStyle + readSource('page.css'), { loader: 'css', minify: true });
const style = code.trim();
const policy = [
  "default-src 'none'",
  `script-src ${hashOf(script)}`,
  `style-src ${hashOf(style)}`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

// Text that ends its own element, or that the maker of reports takes for the place of its data, must not be in it.
if (/<\/script|<!--/i.test(script + style)) throw new Error('the bundled script holds a tag');

const parts: readonly (readonly [string, string])[] = [
  ['<!--regatta-policy-->', `<meta http-equiv="Content-Security-Policy" content="${policy}" />`],
  ['<!--regatta-style-->', `<style>${style}</style>\n    ${gatherLicences(metafile)}`],
  ['<!--regatta-script-->', `<script>${script}</script>`],
];
const template = parts.reduce(
  (text, [mark, part]) => text.replace(mark, () => part),
  readSource('template.html'),
);
if (template.split(DATA_MARK).length !== 2) throw new Error('the template has no one place for its data');
mkdirSync(dirname(TARGET), { recursive: true });
writeFileSync(TARGET, template);
