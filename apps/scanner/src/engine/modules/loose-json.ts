/** Reads a configuration file in JSON, with the comments and trailing commas that some allow; undefined where it is none. */
export function readConfig(text: string): unknown {
  const plain = text.replace(/^\ufeff/, '')
  try {
    return JSON.parse(plain)
  } catch {
    return readLoosely(plain)
  }
}

const TOKEN = /"(?:[^"\\]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\/|,(?=\s*(?:(?:\/\/[^\n]*|\/\*[\s\S]*?\*\/)\s*)*[}\]])/g

function readLoosely(text: string): unknown {
  try {
    return JSON.parse(text.replace(TOKEN, (token) => (token.startsWith('"') ? token : ' ')))
  } catch {
    return undefined // Whatever it is, it says nothing about where files are.
  }
}
