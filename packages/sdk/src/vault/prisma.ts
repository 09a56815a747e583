import { UCanPayConfigError } from '../errors.ts'
import { openResult, sealArguments, type PrismaField, type PrismaModels } from './prisma-arguments.ts'
import type { SealedTable } from './sealed-table.ts'
import type { SealedText } from './sealed-value.ts'

/** A client of Prisma's, as far as it matters here. */
interface PrismaClientLike {
  $extends(extension: never): unknown
}

interface Operation {
  /** `customer.findUnique(…).orders()` asks for a customer's orders: the path says what is given back. */
  readonly __internalParams?: { readonly dataPath?: readonly string[] }
  readonly model: string
  readonly args: unknown
  readonly query: (args: unknown) => Promise<unknown>
}

/**
 * A client that seals declared fields in every write, nested ones too, opens them in every result, and refuses filters
 * over them: `const db = sealedClient(new PrismaClient({ adapter }), { Customer: customers })`. The fields are `String` in
 * the schema, and of tables that are `stored: 'text'`. Keep no other client.
 *
 * @param tables by the models' names; a table's fields are named like the model's
 * @throws UCanPayConfigError for a model or a field that there is not, or that is of another type
 */
export function sealedClient<C extends PrismaClientLike>(
  client: C,
  tables: Readonly<Record<string, SealedTable<Readonly<Record<string, 'text' | 'dangerouslyCardNumber'>>, SealedText>>>,
): C {
  const models = modelsOf(client, tables)
  const extension = {
    name: 'ucanpay-vault',
    query: {
      $allModels: {
        async $allOperations({ model, args, query, __internalParams: inner }: Operation): Promise<unknown> {
          const result = await query(sealArguments(models, model, args))
          return openResult(models, modelAt(models, model, inner?.dataPath), result)
        },
      },
    },
  }
  return client.$extends(extension as never) as C
}

function modelAt(models: PrismaModels, model: string, path: readonly string[] = []): string {
  return path.reduce((at, name) => {
    const field = models.fields.get(at)?.get(name)
    return field?.kind === 'object' ? field.type : at
  }, model)
}

function modelsOf(client: object, tables: Readonly<Record<string, SealedTable>>): PrismaModels {
  const model = (client as { _runtimeDataModel?: { models?: Record<string, { fields?: PrismaField[] }> } })
    ._runtimeDataModel?.models
  if (!model)
    throw new UCanPayConfigError('This version of Prisma keeps its models elsewhere: no field would be sealed.')
  const fields = new Map(
    Object.entries(model).map(([name, each]) => [name, new Map((each.fields ?? []).map((one) => [one.name, one]))]),
  )
  for (const [name, table] of Object.entries(tables)) {
    for (const [field, kind] of Object.entries(table.fields)) {
      const known = fields.get(name)?.get(field)
      if (known?.type !== 'String' || known.kind !== 'scalar') {
        throw new UCanPayConfigError(`${name}.${field} has to be a String of the Prisma schema to be sealed.`)
      }
      if (table.stored !== 'text' || (kind !== 'text' && kind !== 'dangerouslyCardNumber')) {
        throw new UCanPayConfigError(`${name}.${field} has to be a 'text' of a table that is stored: 'text'.`)
      }
    }
  }
  return { fields, tables: new Map(Object.entries(tables)) }
}
