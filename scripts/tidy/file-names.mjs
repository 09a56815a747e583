const SAYS_NOTHING = /^(?:utils?|helpers?|commons?|managers?|services?)$/

/** A folder or file whose name says nothing about what is in it, alone or as a part: `order-utils.ts`. */
export function namesThatSayNothing(sources) {
  return sources.flatMap(({ path }) => {
    const words = path.split('/').flatMap((segment) => segment.replace(/\..*$/, '').split(/[-_]/))
    const word = words.find((candidate) => SAYS_NOTHING.test(candidate.toLowerCase()))
    if (word === undefined) return []
    return [
      {
        file: path,
        line: 1,
        what: `"${word}" in a name`,
        why: 'it says nothing, so anything ends up in it',
        todo: 'name the noun that these functions belong to',
      },
    ]
  })
}
