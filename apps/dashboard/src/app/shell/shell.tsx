import { Outlet, useRouterState } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react'
import { ApiFailure } from '../../shared/api/failure.ts'
import { loadDialogs } from '../../shared/components/dialog.tsx'
import { Page } from '../../shared/components/page.tsx'
import { ErrorState, Skeleton } from '../../shared/components/states.tsx'
import { useSession } from '../../shared/session/session-context.ts'
import { fill, useLanguage, useTexts } from '../../shared/texts/language.ts'
import { useWarmUp } from '../../shared/warm-up.ts'
import { SessionGate } from '../session/session-gate.tsx'
import type { CommandPalette as CommandPaletteComponent } from './command-palette.tsx'
import { loadMemberMenu } from './member-button.tsx'
import { NavigationDrawer, NavigationList, useClosedPage } from './navigation.tsx'
import type { PageEntry } from './pages.ts'
import { ShortcutHelp } from './shortcut-help.tsx'
import { SHELL_TEXTS } from './texts.ts'
import { TopBar } from './top-bar.tsx'
import { useShortcuts } from './use-shortcuts.ts'
import './shell.css'

const loadPalette = (): Promise<{ default: typeof CommandPaletteComponent }> =>
  import('./command-palette.tsx').then((module) => ({ default: module.CommandPalette }))
const CommandPalette = lazy(loadPalette)

/** What opens over a page. Whoever opens the palette types at once, and no key may be lost. */
const loadOverlays = (): Promise<unknown> => Promise.all([loadDialogs(), loadMemberMenu(), loadPalette()])

/** Everything around a page of somebody who is signed in. */
export function Shell(): ReactNode {
  return (
    <SessionGate cover={<Cover />}>
      <Frame />
    </SessionGate>
  )
}

/** The shell's outline, while it is asked who is signed in: nothing in it belongs to anybody. */
function Cover(): ReactNode {
  return (
    <div className="shell">
      <div className="side" />
      <main className="content">
        <Skeleton lines={8} />
      </main>
    </div>
  )
}

function Frame(): ReactNode {
  const t = useTexts(SHELL_TEXTS)
  const { mode } = useSession()
  const [palette, setPalette] = useState(false)
  const [help, setHelp] = useState(false)
  const [drawer, setDrawer] = useState(false)
  const path = useRouterState({ select: (state) => state.location.pathname })
  const closed = useClosedPage(path)
  useShortcuts({ onPalette: () => setPalette(true), onHelp: () => setHelp(true) })
  useEffect(() => setDrawer(false), [path])
  useWarmUp(loadOverlays)
  return (
    <>
      <a className="skip" href="#content">
        {t('skip')}
      </a>
      <ModeFrame mode={mode} />
      <div className="shell">
        <div className="side">
          <NavigationList />
        </div>
        <div className="main">
          <TopBar onPalette={() => setPalette(true)} onMenu={() => setDrawer(true)} />
          <main className="content" id="content" tabIndex={-1}>
            {closed ? <ClosedPage page={closed} /> : <Outlet />}
          </main>
        </div>
      </div>
      <NavigationDrawer open={drawer} onClose={() => setDrawer(false)} />
      <ShortcutHelp open={help} onClose={() => setHelp(false)} />
      {palette ? (
        <Suspense>
          <CommandPalette onClose={() => setPalette(false)} onHelp={() => setHelp(true)} />
        </Suspense>
      ) : null}
    </>
  )
}

/** In place of a page that the member's role does not open; nothing of it is asked for. */
function ClosedPage({ page }: { readonly page: PageEntry }): ReactNode {
  return (
    <Page title={fill(page.title, useLanguage())}>
      <ErrorState failure={new ApiFailure({ msg: 'NOAUTH', status: 403 })} />
    </Page>
  )
}

/** Says on every page, in words and in colour, whether money moves. */
function ModeFrame({ mode }: { readonly mode: 'test' | 'live' }): ReactNode {
  const t = useTexts(SHELL_TEXTS)
  return (
    <aside className={`mode-banner ${mode}`} aria-label={t('mode')}>
      <strong>{t(mode === 'test' ? 'testMode' : 'liveMode')}</strong>
    </aside>
  )
}
