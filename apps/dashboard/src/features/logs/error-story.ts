/** A place in a request, and the rule that it broke. */
export interface BrokenRule {
  /** A JSON pointer; empty for the whole body. */
  readonly pointer: string
  readonly rule: string
}

/** An error as the gateway's record holds it: names, codes, rules and places in its code, never a value. */
export interface ErrorStory {
  readonly name: string
  readonly message?: string
  readonly code?: string
  readonly constraint?: string
  readonly rules: readonly BrokenRule[]
  /** Places in the code, the innermost first. */
  readonly stack: readonly string[]
}

/** As deep as the gateway writes causes, and one more. */
const DEEPEST = 6

/** Reads a record's error and the chain of its causes, outermost first. What has another form is left out. */
export function readStories(error: unknown): readonly ErrorStory[] {
  const stories: ErrorStory[] = []
  for (let each = error; isObject(each) && stories.length < DEEPEST; each = each['cause']) {
    if (Object.keys(each).length === 0) break
    stories.push(readStory(each))
  }
  return stories
}

function readStory(error: Readonly<Record<string, unknown>>): ErrorStory {
  const { name, message, code, constraint, failures, stack } = error
  return {
    name: typeof name === 'string' ? name : 'Error',
    ...(typeof message === 'string' ? { message } : {}),
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof constraint === 'string' ? { constraint } : {}),
    rules: Array.isArray(failures) ? failures.flatMap(readRule) : [],
    stack: typeof stack === 'string' ? stack.split('\n').map((line) => line.trim().replace(/^at /, '')) : [],
  }
}

function readRule(failure: unknown): readonly BrokenRule[] {
  if (!isObject(failure)) return []
  const { pointer, rule } = failure
  return typeof pointer === 'string' && typeof rule === 'string' ? [{ pointer, rule }] : []
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
