import type { Column } from './data/column.ts'
import type { Element } from './data/element.ts'
import type { Setting } from './data/setting.ts'
import type { FileContext } from './files/file-context.ts'
import type { FileKind } from './files/file-kind.ts'
import type { SinkKind } from './flows/sink-call.ts'
import type { Sink } from './flows/sinks.ts'
import type { CallSite, CodeScan } from './scan/code-scan.ts'
import type { FileScan } from './scan/file-scan.ts'
import type { Severity } from './severity.ts'
import type { Node } from './syntax/parse.ts'

/** Rows of the practices table in docs/practices.md. */
export type Practice = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14

/** What a rule answers to; every identifier as its publisher writes it. */
export interface Controls {
  /** Requirements of PCI DSS v4.0.1, such as `4.2.1`. */
  readonly pci: readonly string[]
  /** Requirements of OWASP ASVS 5.0.0, such as `12.3.2`. */
  readonly asvs: readonly string[]
  /** Articles of the GDPR, such as `32(1)(a)`. */
  readonly gdpr: readonly string[]
}

/** A thing that a merchant's code or site must not do. One file a rule: `src/rules/<practice>/<id>.ts`. */
export interface Rule {
  /** kebab-case, never changed once released: it stands in people's baselines and comments. */
  readonly id: string
  readonly practice: Practice
  readonly severity: Severity
  /** What is wrong, as one sentence without a full stop: the heading of its page and the message where `report` gives none. */
  readonly title: string
  /** Why it matters to whoever takes payments: two to four sentences. */
  readonly why: string
  /** What to do instead. */
  readonly mend: string
  readonly before: string
  readonly after: string
  /** The language of `before` and `after` on the rule's page; `ts` where absent. */
  readonly language?: string
  readonly controls: Controls
  /** What `--fix` does about it, where that cannot change anything else. */
  readonly fixes?: string
  /** Kinds of files in which the rule is silent: what they show is not what runs. */
  readonly silentIn?: readonly FileContext[]
  /** Where the file's text has none of these, the rule has nothing to find in it, and it is not parsed for this rule. */
  readonly words?: readonly string[]
  readonly on: Matchers
}

/** What a rule says of itself: all that reports, lists and pages are made of. A probe says the same. */
export type RuleText = Omit<Rule, 'on' | 'words'>

/** What a rule looks at. Each is called for every file that has such things, whatever format they are written in. */
export interface Matchers {
  /** Calls and `new` of functions that are known by their paths, however they were imported. */
  readonly calls?: readonly CallMatcher[]
  /** Nodes of the syntax tree by type. */
  readonly nodes?: NodeMatchers
  /** Places where a value leaves the program: logs, responses, mails, databases. */
  readonly sinks?: readonly SinkMatcher[]
  /** Elements of HTML, Vue, Svelte and JSX. */
  readonly elements?: (element: Element, scan: FileScan) => void
  /** One setting of `.env`, Dockerfile, YAML, JSON, ini, shell, or `process.env.X = …`. */
  readonly settings?: (setting: Setting, scan: FileScan) => void
  /** One column of SQL, Prisma, TypeORM, Sequelize, Mongoose, Knex, Drizzle. */
  readonly columns?: (column: Column, scan: FileScan) => void
  /** The text of a file, of these kinds only; of all where `kinds` is absent. */
  readonly text?: { readonly kinds?: readonly FileKind[]; readonly check: (scan: FileScan) => void }
  /** Once for each file with code, after everything else: for what is missing. */
  readonly code?: (scan: CodeScan) => void
}

export interface CallMatcher {
  /** Paths as docs/scanner/writing-rules.md describes them: `https.request`, `new https.Agent`, `*.sendMail`. */
  readonly to: readonly string[]
  readonly check: (call: CallSite, scan: CodeScan) => void
}

export interface SinkMatcher {
  readonly kinds: readonly SinkKind[]
  readonly check: (sink: Sink, scan: CodeScan) => void
}

export type NodeMatchers = {
  readonly [Type in Node['type']]?: (node: Extract<Node, { type: Type }>, scan: CodeScan) => void
}
