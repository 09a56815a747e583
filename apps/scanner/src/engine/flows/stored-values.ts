import type { Matchers } from '../rule.ts'
import type { CallSite, CodeScan } from '../scan/code-scan.ts'
import type { Node } from '../syntax/parse.ts'
import { optionsOf, type ObjectValue, type Value } from '../values/value.ts'
import { savedRoot } from './saved-names.ts'
import { SQL_METHOD, writtenBySql, writtenBySqlTag } from './sql-writes.ts'
import type { Stored } from './stored.ts'

type Check = (stored: Stored, scan: CodeScan) => void

const DATA = ['data', 'create', 'update']
/** Of these the first argument says which rows are meant. */
const FILTER_FIRST =
  /\.(?:updateOne|updateMany|findOneAndUpdate|findByIdAndUpdate|replaceOne|findOneAndReplace|findAndModify|updateById|patchById)$/
const ALWAYS =
  /\.(?:insert|insertOne|insertMany|insertGraph|upsertGraph|insertAndFetch|bulkCreate|bulkWrite|createMany|createManyAndReturn|upsert|findOrCreate|findOrBuild|values)$/
const VERB = /\.(?:create|update|save|patch|merge|store|updateOrCreate|firstOrCreate|persist|persistAndFlush)$/
const IN_A_STORE = /\.(?:set|add|put|push|update)$/
const DRIZZLE_SET = /\.update(?:Table)?\(\)(?:\.\w+\(\))*\.set$/
const DOCUMENTS = /\.(?:collection|doc|ref|child)\(\)|firestore|lowdb|pouchdb|dynamo/i
const CACHE =
  /(?:^|[ .~/_-])(?:\w*redis\w*|\w*cache\w*|memcached|keyv|kv|ioredis)(?:\(\))?(?:\.\w+)*\.(?:set|setex|setEx|psetex|setnx|hset|hSet|hmset|hmSet|lpush|lPush|rpush|rPush|sadd|sAdd|put|json\.set)$|^redis\.createClient\(\)(?:\.\w+\(\))*\.(?:set|setex|setEx|hset|hSet|hmset|lpush|lPush|rpush|rPush)$/i
const MODEL =
  /mongoose|sequelize|prisma|typeorm|objection|BaseModel|bookshelf|drizzle|knex|kysely|mikro-orm|waterline|(?:^|[./~])\w*(?:Model|Repository|repository|Repo|repo|Dao|DAO|Entity|EntityManager|entityManager|Collection)s?(?:\(\))?(?:\.|$)|\/(?:models?|entit(?:y|ies)|schemas?|database|db|collections?|repositor(?:y|ies)|dao)\b|\bmodels?\.[A-Z]|^~?(?:db|models|orm|em|manager)\.\w+|(?:getRepository|getModel|model|define)\(\)|^~?[A-Z]\w*\.(?:create|update|updateOrCreate|firstOrCreate)$/
/** What looks like a model and is the API of somebody who takes cards, or nothing that stays. */
const OTHER =
  /stripe|paypal|braintree|adyen|squareup|mollie|razorpay|paystack|flutterwave|iyzi|omise|conekta|openpay|mercadopago|pagarme|authorizenet|worldpay|gateway|tokeni[sz]|payu\b|xendit|midtrans|acquirer|processor|axios|^(?:new )?(?:Object|Array|Map|Set|WeakMap|Promise|React|zod|z|yup|joi|document|Reflect)\b/i
const COMMANDS =
  /^new (?:@aws-sdk\/(?:lib|client)-dynamodb\.)(?:Put|PutItem|Update|UpdateItem|BatchWrite|TransactWrite)(?:Item)?Command$|(?:^|\.)(?:addDoc|setDoc|updateDoc)$|@vercel\/kv\.(?:kv\.)?(?:set|hset)$/

/** What a rule looks at to see all that is stored. */
export function storageMatchers(check: Check): Pick<Matchers, 'calls' | 'nodes' | 'sinks'> {
  return {
    // Says that a function which stores what it is given is looked at with the words of its callers.
    sinks: [],
    calls: [{ to: ['*'], check: (call, scan) => storedBy(call, scan).forEach((stored) => check(stored, scan)) }],
    nodes: {
      TaggedTemplateExpression: (node, scan) => writtenBySqlTag(node, scan).forEach((stored) => check(stored, scan)),
      AssignmentExpression: (node, scan) => storedByAssignment(node, scan).forEach((stored) => check(stored, scan)),
    },
  }
}

function storedBy(call: CallSite, scan: CodeScan): readonly Stored[] {
  const { path, node } = call
  const name = path.slice(path.lastIndexOf('.') + 1)
  if (SQL_METHOD.test(name)) return writtenBySql(call, scan)
  const all = (): readonly Stored[] => at(call, call.args.keys())
  if (COMMANDS.test(path) || CACHE.test(path)) return all()
  if (OTHER.test(path)) return []
  if (FILTER_FIRST.test(path)) return at(call, [1, 2])
  if (ALWAYS.test(path) || DRIZZLE_SET.test(path)) return all().flatMap((stored) => dataOf(stored, scan))
  if (IN_A_STORE.test(path) && DOCUMENTS.test(path)) return all()
  if (name === 'push' && node.type === 'CallExpression') return isSavedList(node, scan) ? all() : []
  if (!VERB.test(path)) return []
  const made = name === 'save' ? madeBefore(call) : []
  if (made.length > 0 || !MODEL.test(path)) return made
  // A repository of TypeORM only makes an entity by that, at once.
  if (name === 'create' && /repo(?:sitory)?\.create$|manager\.create$/i.test(path) && isUsedAtOnce(node)) return []
  if (name !== 'update') return all().flatMap((stored) => dataOf(stored, scan))
  return at(call, [isWhereSecond(call, scan) ? 0 : 1]).flatMap((stored) => dataOf(stored, scan))
}

function isUsedAtOnce({ parent }: Node): boolean {
  return parent?.type !== 'AwaitExpression' && parent?.type !== 'ReturnStatement' && parent?.type !== 'MemberExpression'
}

/** `Model.update(values, { where })` of Sequelize, and `update({ … })` with what is written alone. */
function isWhereSecond({ args: [, second] }: CallSite, scan: CodeScan): boolean {
  return second === undefined || second.kind === 'function' || scan.memberNames(second).names.has('where')
}

function at({ args, node }: CallSite, which: Iterable<number>): Stored[] {
  return [...which].flatMap((index): Stored[] => {
    const value = args[index]
    return value ? made(value, node.arguments[index] ?? node).map((each) => ({ ...each, node })) : []
  })
}

/** What was put together for this: `save(repository.create({ … }))`, `save(new Card({ … }))`. */
function made(value: Value, valueNode: Node): { value: Value; valueNode: Node }[] {
  return optionsOf(value).flatMap((option) => {
    const isMade =
      option.kind === 'named' && (option.via === 'new' || /\.(?:create|build|merge)\(\)$/.test(option.path))
    if (!isMade) return [{ value: option, valueNode }]
    return (option.args ?? []).map((each) => ({ value: each, valueNode }))
  })
}

/** `new Card({ … }).save()`, `Card.build({ … }).save()`: what it was made of. */
function madeBefore({ callee, node }: CallSite): Stored[] {
  const base = callee.kind === 'named' ? callee.base : undefined
  if (base?.kind !== 'named' || (base.via !== 'new' && base.via !== 'call')) return []
  if (base.via === 'call' && !/\.(?:create|build|forge|fill|set)\(\)$/.test(base.path)) return []
  return (base.args ?? []).map((value) => ({ value, node, valueNode: value.origin.node }))
}

/** Prisma says by `where` which rows are meant, and by `data` what is written. */
function dataOf(stored: Stored, scan: CodeScan): readonly Stored[] {
  const { names } = scan.memberNames(stored.value)
  if (!names.has('where') || !DATA.some((name) => names.has(name))) return [stored]
  return DATA.filter((name) => names.has(name)).map((name) => ({ ...stored, value: scan.member(stored.value, name) }))
}

const SESSION = /^(?:@request|@ctx|~req|~request|~ctx)\.session(?:\.\w+)+$|^~?session\.\w+$/

/** `card.number = …` of what is saved in this file, and `req.session.card = …`. */
function storedByAssignment(node: Extract<Node, { type: 'AssignmentExpression' }>, scan: CodeScan): readonly Stored[] {
  const { left, right } = node
  if (left.type !== 'MemberExpression' || left.computed || left.property.type !== 'Identifier') return []
  const isSaved = savedRoot(left, scan.module)
  if (!isSaved && !optionsOf(scan.valueOf(left)).some((each) => each.kind === 'named' && SESSION.test(each.path)))
    return []
  return [{ value: underName(left.property.name, right, scan), node, valueNode: right }]
}

/** The value with the name under which it is kept, which may say what it is. */
function underName(name: string, node: Node, scan: CodeScan): ObjectValue {
  const origin = { module: scan.module, node }
  return { kind: 'object', layers: [{ name, node, maybe: false, value: () => scan.valueOf(node) }], origin }
}

function isSavedList({ callee }: Extract<Node, { type: 'CallExpression' }>, scan: CodeScan): boolean {
  return callee.type === 'MemberExpression' && savedRoot(callee.object, scan.module)
}
