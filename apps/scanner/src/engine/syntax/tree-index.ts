import type { Tree } from './tree.ts'

/**
 * An index over a tree that is made when it is first asked for, and goes with the tree: a question that is asked about
 * every function of a file must not look through the whole file each time.
 *
 * @param entries what the index holds, each under its key, in the order of the file
 */
export function treeIndex<Key, Entry>(
  entries: (tree: Tree) => Iterable<readonly [Key, Entry]>,
): (tree: Tree, key: Key) => readonly Entry[] {
  const made = new WeakMap<Tree, ReadonlyMap<Key, readonly Entry[]>>()
  return (tree, key) => {
    let index = made.get(tree)
    if (!index) {
      index = grouped(entries(tree))
      made.set(tree, index)
    }
    return index.get(key) ?? []
  }
}

function grouped<Key, Entry>(entries: Iterable<readonly [Key, Entry]>): Map<Key, Entry[]> {
  const groups = new Map<Key, Entry[]>()
  for (const [key, entry] of entries) {
    const group = groups.get(key)
    if (group) group.push(entry)
    else groups.set(key, [entry])
  }
  return groups
}
