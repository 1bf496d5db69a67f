// What a map has under a key, made when it has nothing. Knows no map in particular.

/** The value under `key`; made and kept when there is none. */
export function reach<K, V extends object>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
