import type { Module } from '../modules/module.ts'
import type { Node } from '../syntax/parse.ts'
import { optionsOf, type Evaluation, type Layer, type Value } from '../values/value.ts'
import { shownText } from '../values/known-calls.ts'
import type { Column } from './column.ts'
import { sqlColumns } from './sql-columns.ts'

/** A call, with its path. */
interface Call {
  readonly path: string
  readonly node: Node
  readonly args: readonly Value[]
}

/** Columns that code declares: entities, models, schemas, schema builders, and SQL in texts. */
export function codeColumns(module: Module, calls: readonly Call[], evaluation: Evaluation): Column[] {
  return [
    ...calls.flatMap((call) => ofCall(call, module, evaluation)),
    ...typeormColumns(module, evaluation),
    ...sqlTexts(module),
  ]
}

const KNEX_TYPE =
  /^~(?:t|table|tbl|builder)\.(string|text|varchar|char|integer|bigInteger|biginteger|binary|json|jsonb|date|datetime|timestamp|specificType|float|double|decimal)$/
/** Builders of other things have columns of the same names: types of GraphQL, parsers. */
const BUILDS_TABLE = /\b(?:createTable|createTableIfNotExists|createTableLike|alterTable|table)\s*\(/
const DRIZZLE_TABLE = /(?:^|\.)(?:pgTable|mysqlTable|sqliteTable|mysqlTableCreator|pgTableCreator)$/
const MONGOOSE_SCHEMA = /^new (?:mongoose\.)?Schema$/
const SEQUELIZE = /(?:^|[.~])(?:sequelize(?:\(\))?|new sequelize(?:\.Sequelize)?)\.define$|^~?[A-Z]\w*\.init$/

function ofCall({ path, node, args }: Call, module: Module, evaluation: Evaluation): Column[] {
  const [first, second] = args
  const knex = KNEX_TYPE.exec(path)
  if (knex && BUILDS_TABLE.test(module.text) && first?.kind === 'constant' && typeof first.value === 'string') {
    return [
      columnAt(module, {
        node: first.origin.node,
        whole: node,
        name: first.value,
        table: '',
        type: knex[1] ?? '',
        source: 'knex',
      }),
    ]
  }
  if (MONGOOSE_SCHEMA.test(path) && first) return fields(first, { module, table: '', source: 'mongoose', evaluation })
  if (SEQUELIZE.test(path)) {
    const attributes = path.endsWith('.init') ? first : second
    const table = first?.kind === 'constant' ? String(first.value) : ''
    return attributes ? fields(attributes, { module, table, source: 'sequelize', evaluation }) : []
  }
  if (DRIZZLE_TABLE.test(path) && second) {
    const table = first?.kind === 'constant' ? String(first.value) : ''
    return fields(second, { module, table, source: 'drizzle', evaluation })
  }
  return []
}

interface Fields {
  readonly module: Module
  readonly table: string
  readonly source: Column['source']
  readonly evaluation: Evaluation
}

function fields(value: Value, given: Fields): Column[] {
  return optionsOf(value).flatMap((option) => {
    if (option.kind !== 'object') return []
    return option.layers.flatMap((layer) =>
      'spread' in layer ? fields(layer.spread(), given) : field(layer, option.origin.module, given),
    )
  })
}

function field(layer: Exclude<Layer, { spread: unknown }>, module: Module, given: Fields): Column[] {
  // A layer of another file is that file's to report.
  if (layer.name === undefined || module !== given.module) return []
  const key = 'key' in layer.node ? (layer.node.key as Node) : layer.node
  const value = layer.value()
  const type = typeOf(value, given.evaluation)
  // In Mongoose an object without a type is a document within the document.
  if (given.source === 'mongoose' && type === undefined) return fields(value, { ...given, table: layer.name })
  return [
    columnAt(module, {
      node: key,
      whole: layer.node,
      name: layer.name,
      table: given.table,
      type: type ?? '',
      source: given.source,
    }),
  ]
}

/** `String`, `{ type: String }`, `DataTypes.STRING(19)`, `varchar('x', …)`, as a word in lower case. */
function typeOf(value: Value, evaluation: Evaluation): string | undefined {
  if (value.kind === 'named') return value.path.replace(/\(\)/g, '').split('.').at(-1)?.replace(/^~/, '').toLowerCase()
  if (value.kind === 'constant') return shownText(value).toLowerCase()
  if (value.kind === 'list') return 'array'
  if (value.kind !== 'object') return ''
  const type = evaluation.member(value, 'type', value.origin)
  return type.kind === 'constant' && type.value === undefined ? undefined : typeOf(type, evaluation)
}

function columnAt(
  module: Module,
  given: { node: Node; whole: Node; name: string; table: string; type: string; source: Column['source'] },
): Column {
  const { node, whole, name, table, type, source } = given
  return {
    table,
    name,
    type: type.toLowerCase(),
    source,
    start: whole.start - module.shift,
    end: whole.end - module.shift,
    nameStart: node.start - module.shift,
    nameEnd: node.end - module.shift,
  }
}

const ENTITY_COLUMN =
  /^(?:typeorm\.|~)?(?:Column|PrimaryColumn|Property|Field|Prop|sequelize-typescript\.Column)(?:\(\))?$/

/** `@Column() cardNumber: string` of TypeORM, MikroORM, sequelize-typescript, @nestjs/mongoose. */
function typeormColumns(module: Module, evaluation: Evaluation): Column[] {
  return (module.tree.byType.get('PropertyDefinition') ?? []).flatMap((node) => {
    if (node.type !== 'PropertyDefinition' || node.decorators.length === 0 || node.key.type !== 'Identifier') return []
    const decorator = node.decorators.find(({ expression }) => {
      const callee = expression.type === 'CallExpression' ? expression.callee : expression
      return callee.type === 'Identifier' && ENTITY_COLUMN.test(callee.name === '' ? '' : `~${callee.name}`)
    })
    if (!decorator) return []
    const [argument] = decorator.expression.type === 'CallExpression' ? decorator.expression.arguments : []
    const options = argument ? evaluation.evaluate(argument, { module, depth: 0 }) : undefined
    const cls = node.parent?.parent
    const table = cls && 'id' in cls && cls.id?.type === 'Identifier' ? cls.id.name : ''
    const transformer =
      options?.kind === 'object' ? evaluation.member(options, 'transformer', options.origin) : undefined
    const sealed = transformer !== undefined && !(transformer.kind === 'constant' && transformer.value === undefined)
    const type = sealed ? 'transformed' : options ? (typeOf(options, evaluation) ?? '') : ''
    return [columnAt(module, { node: node.key, whole: node, name: node.key.name, table, type, source: 'typeorm' })]
  })
}

const DECLARES = /\b(?:create|alter)\s+(?:\w+\s+)*table\b/i

/** SQL in the texts of code. */
function sqlTexts(module: Module): Column[] {
  if (!DECLARES.test(module.text)) return []
  const texts = [...(module.tree.byType.get('Literal') ?? []), ...(module.tree.byType.get('TemplateElement') ?? [])]
  return texts.flatMap((node) => {
    const raw = module.text.slice(node.start, node.end)
    return DECLARES.test(raw) ? sqlColumns(raw, node.start) : []
  })
}
