import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Toasts } from '../shared/components/toasts.tsx'
import { queryClient } from './query-client.ts'
import { router } from './router.tsx'

/** The whole dashboard. */
export function App(): ReactNode {
  return (
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
      <Toasts />
    </QueryClientProvider>
  )
}
