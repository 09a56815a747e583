import type { Caller } from '../caller.ts'
import type { Remembered, Task } from '../idempotency/run-once.ts'
import { findCustomer, type Customer, type CustomerDeps } from './customer.ts'
import { eraseCustomer } from './erase-customer.ts'
import { updateCustomer } from './update-customer.ts'

/** Changing a customer. What they are is personal and is not remembered: a repeat tells how they stand now. */
export function updating(
  deps: CustomerDeps,
  caller: Caller,
  { userId, fields }: { userId: string; fields: Readonly<Record<string, string | undefined>> },
): Task<Customer> {
  return {
    numberOf: () => userId,
    perform: () => updateCustomer(deps, caller, { userId, fields }),
    remember: () => ({ userId }),
    recall: () => findCustomer(deps, caller, userId),
  }
}

/** Erasing a customer. */
export function erasing(deps: CustomerDeps, caller: Caller, userId: string): Task<Date> {
  return {
    numberOf: () => userId,
    perform: () => eraseCustomer(deps, caller, userId),
    remember: (erasedAt) => ({ erasedAt: erasedAt.toISOString() }),
    recall: (remembered) => Promise.resolve(new Date((remembered as RememberedErasure).erasedAt)),
  }
}

type RememberedErasure = Remembered & { readonly erasedAt: string }
