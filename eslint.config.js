// Lint rules: strict TypeScript, the layer rule and the purity of the deciding layers.
import boundaries from 'eslint-plugin-boundaries';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

// Layer -> the layers directly below it, besides `util`. A layer may also import all that is below those.
// test/architecture/layers.test.ts holds the same rule as a second, independent table.
const directlyBelow = {
  util: [],
  model: [],
  graph: ['model'],
  policy: ['model'],
  resources: ['model'],
  core: ['graph', 'policy', 'resources'],
  driver: ['core'],
  backends: ['model'],
  observers: ['model'],
  journal: ['model'],
  results: ['model'],
  reports: ['results'],
  joblist: ['model'],
  flow: ['model', 'graph'],
  testing: ['driver', 'backends', 'journal'],
};
const layers = Object.keys(directlyBelow);

const reachable = (layer) => [layer, 'util', ...directlyBelow[layer].flatMap(reachable)];

const allow = (from, to) => ({
  from: { element: { type: from } },
  allow: { to: { element: { types: { anyOf: [...new Set(to)] } } } },
});

const layerRule = {
  files: ['src/**/*.{ts,tsx}'],
  plugins: { boundaries },
  settings: {
    'import/resolver': { typescript: { project: 'tsconfig.json' } },
    'boundaries/elements': [...layers, 'cli'].map((layer) => ({ type: layer, pattern: `src/${layer}` })),
  },
  rules: {
    'boundaries/dependencies': [
      'error',
      {
        default: 'disallow',
        policies: [
          // Packages and Node's modules are not layers; the pure layers' rule below speaks of the latter.
          { allow: { to: { module: { origin: ['external', 'core'] } } } },
          ...layers.map((layer) => allow(layer, reachable(layer))),
          allow('cli', [...layers, 'cli']),
        ],
      },
    ],
  },
};

const noNodeModules = {
  'no-restricted-imports': [
    'error',
    { patterns: [{ regex: '^node:', message: 'This layer is pure: no I/O, no node: modules.' }] },
  ],
};

const sourcesOfChange = [
  'Date',
  'performance',
  'process',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
];

const purity = (globals) => ({
  ...noNodeModules,
  'no-restricted-globals': [
    'error',
    ...globals.map((name) => ({ name, message: 'This layer is pure: time and chance are arguments.' })),
  ],
  'no-restricted-properties': [
    'error',
    { object: 'Math', property: 'random', message: 'This layer is pure: chance is an argument.' },
  ],
});

export default defineConfig(
  globalIgnores(['dist/', 'scratch/', 'coverage/']),
  tseslint.configs.strict,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommendedTypeCheckedOnly],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      // An async function may satisfy an interface that promises, without awaiting anything itself.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      eqeqeq: 'error',
      'max-params': ['error', { max: 3 }],
      'no-console': 'error',
    },
  },
  {
    // Here jobs are indices into typed arrays of known length; each access would need a check that cannot fail.
    files: ['src/{graph,policy,resources,core}/**/*.ts', 'src/util/int-heap.ts', 'src/util/nearest.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  layerRule,
  {
    files: ['src/model/**/*.ts'],
    rules: purity(sourcesOfChange),
  },
  {
    files: ['src/{graph,policy,resources,core}/**/*.ts'],
    rules: {
      ...purity([...sourcesOfChange, 'Promise']),
      'no-restricted-syntax': [
        'error',
        { selector: ':function[async=true]', message: 'This layer is pure: synchronous, no promises.' },
      ],
    },
  },
);
