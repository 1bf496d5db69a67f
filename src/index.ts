// The package's main entry: re-exports only. Each public folder is also a subpath of its own.
export {};
