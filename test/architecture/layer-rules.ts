// Judges one source file by the layer and purity rules. Reads no disk; holds its table apart from the linter's.
import { posix } from 'node:path';
import ts from 'typescript';

/** Layer -> every layer its files may import, itself and `util` included. */
export const allowedImports: Readonly<Record<string, readonly string[]>> = {
  util: ['util'],
  model: ['util', 'model'],
  graph: ['util', 'model', 'graph'],
  policy: ['util', 'model', 'policy'],
  resources: ['util', 'model', 'resources'],
  core: ['util', 'model', 'graph', 'policy', 'resources', 'core'],
  driver: ['util', 'model', 'graph', 'policy', 'resources', 'core', 'driver'],
  backends: ['util', 'model', 'backends'],
  observers: ['util', 'model', 'observers'],
  journal: ['util', 'model', 'journal'],
  results: ['util', 'model', 'results'],
  reports: ['util', 'model', 'results', 'reports'],
  joblist: ['util', 'model', 'joblist'],
  flow: ['util', 'model', 'graph', 'flow'],
  testing: [
    'util',
    'model',
    'graph',
    'policy',
    'resources',
    'core',
    'driver',
    'backends',
    'journal',
    'testing',
  ],
};

const modelGlobals = [
  'Date',
  'performance',
  'process',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
];
const pureGlobals = [...modelGlobals, 'Promise'];

/** Layer -> the globals its files must not name; the layers listed also import no `node:` module. */
const forbiddenGlobals: Readonly<Record<string, readonly string[]>> = {
  model: modelGlobals,
  graph: pureGlobals,
  policy: pureGlobals,
  resources: pureGlobals,
  core: pureGlobals,
};

/**
 * Finds what a file does against the rules.
 *
 * @param path - From the repository's root with `/`: `src/core/step.ts`.
 * @param text - The file's TypeScript.
 * @returns One `path: what` a violation, imports first; empty when the file keeps the rules.
 */
export function findViolations(path: string, text: string): string[] {
  const layer = layerOf(path);
  const imported = ts.preProcessFile(text, true, true).importedFiles.map((file) => file.fileName);
  const found = imported.flatMap((specifier) => judgeImport({ path, layer, specifier }) ?? []);
  const forbidden = forbiddenGlobals[layer];
  if (forbidden !== undefined) found.push(...findImpurities(path, text, forbidden));
  return found.map((what) => `${path}: ${what}`);
}

interface Import {
  readonly path: string;
  readonly layer: string;
  readonly specifier: string;
}

function judgeImport({ path, layer, specifier }: Import): string | undefined {
  if (!specifier.startsWith('.')) {
    const isNode = specifier.startsWith('node:');
    return isNode && forbiddenGlobals[layer] !== undefined
      ? `imports ${specifier} in a pure layer`
      : undefined;
  }
  const target = layerOf(posix.join(posix.dirname(path), specifier));
  // The command line composes all layers; the main entry re-exports all but the command line.
  if (layer === 'cli' && (target === 'cli' || target in allowedImports)) return undefined;
  if (layer === 'index' && target in allowedImports) return undefined;
  return allowedImports[layer]?.includes(target) === true ? undefined : `${layer} must not import ${target}`;
}

/** `src/core/step.ts` is of `core`, `src/index.ts` of `index`, what lies outside src of `outside`. */
function layerOf(path: string): string {
  return /^src\/(\w[\w-]*)/.exec(path)?.[1] ?? 'outside';
}

function findImpurities(path: string, text: string, forbidden: readonly string[]): string[] {
  const found: string[] = [];
  const allowsPromises = !forbidden.includes('Promise');
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && forbidden.includes(node.text) && isGlobalReference(node)) {
      found.push(`names ${node.text} in a pure layer`);
    } else if (ts.isPropertyAccessExpression(node) && node.getText() === 'Math.random') {
      found.push('names Math.random in a pure layer');
    } else if (node.kind === ts.SyntaxKind.AsyncKeyword && !allowsPromises) {
      found.push('is async in a pure layer');
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
  return found;
}

/** False for `x.process` and for members named so: `{ process: 1 }`, `readonly process: number`. */
function isGlobalReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  const isMember =
    ts.isPropertyAssignment(parent) ||
    ts.isPropertySignature(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isMethodSignature(parent) ||
    ts.isMethodDeclaration(parent);
  return !(isMember && parent.name === node);
}
