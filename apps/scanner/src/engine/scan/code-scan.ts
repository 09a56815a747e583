import type { SourceHit, SourceKind, SourceOptions } from '../flows/sources.ts'
import type { Module } from '../modules/module.ts'
import type { Node } from '../syntax/parse.ts'
import type { Member, Origin, Value } from '../values/value.ts'
import type { FileScan, Range } from './file-scan.ts'

/** A call, with what its function and its arguments can be. */
export interface CallSite {
  readonly node: Extract<Node, { type: 'CallExpression' | 'NewExpression' }>
  /** The path that fitted, such as `https.request` or `new https.Agent`. */
  readonly path: string
  /** The function itself; of a method its `base` is what it belongs to. */
  readonly callee: Value
  readonly args: readonly Value[]
}

/** A file of code in which a rule looks. */
export interface CodeScan extends FileScan {
  readonly module: Module
  /** What an expression can be. */
  valueOf(node: Node): Value
  /** The values that a member can have, and where each was set; empty where it is not set. */
  members(value: Value, name: string): readonly Member[]
  /** The names of the members that an object is known to have; `open` where there may be others. */
  memberNames(value: Value): { readonly names: ReadonlySet<string>; readonly open: boolean }
  /** A member's value; of what is only known by name, a longer name. */
  member(value: Value, name: string): Value
  /** Sensitive things that a value holds, or may hold; empty where it is masked, hashed or sealed on the way. */
  sourcesIn(value: Value, kinds: readonly SourceKind[], options?: SourceOptions): readonly SourceHit[]
  /** Where something was written, as a place for `report`. */
  placeOf(origin: Origin | Node): Range
  /** Calls of a function with one of these paths anywhere in the file. */
  callsTo(...paths: readonly string[]): readonly CallSite[]
}
