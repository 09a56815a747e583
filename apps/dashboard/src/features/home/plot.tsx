import { decimalsOf } from '@ucanpay/wire/currencies'
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import UPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { formatMoney } from '../../shared/format/money.ts'
import { localeOf, useLanguage, useTexts } from '../../shared/texts/language.ts'
import { useTheme } from '../../shared/theme.ts'
import type { Step } from './figures.ts'
import { TEXTS } from './texts.ts'

/** Must be that of `.home-plot` in the style sheet, so that nothing moves when the plot comes. */
const HEIGHT = 240

interface PlotProps {
  readonly steps: readonly Step[]
  readonly currency: string
  readonly nameOf: (at: string) => string
}

/** Bars of what was paid, and of what was given back beside them. The same numbers are in the section's table. */
export function Plot({ steps, currency, nameOf }: PlotProps): ReactNode {
  const t = useTexts(TEXTS)
  const language = useLanguage()
  const locale = localeOf(language)
  const place = useRef<HTMLDivElement>(null)
  const [pointed, setPointed] = useState<number>()
  const colours = useColours()
  // Drawn anew only when the numbers, the words or the colours are others, not whenever somebody points.
  const names = steps.map(({ at }) => nameOf(at)).join('\n')
  const numbers = JSON.stringify(steps)
  useEffect(() => {
    const node = place.current
    if (!node) return undefined
    const scale = 10 ** decimalsOf(currency)
    const drawn = JSON.parse(numbers) as readonly Step[]
    const data: UPlot.AlignedData = [
      drawn.map((_step, index) => index),
      drawn.map(({ paidAmt }) => paidAmt / scale),
      drawn.map(({ refundedAmt }) => refundedAmt / scale),
    ]
    const options = optionsOf({ width: node.clientWidth, names: names.split('\n'), colours, locale, setPointed })
    const plot = new UPlot(options, data, node)
    const watcher = new ResizeObserver(() => plot.setSize({ width: node.clientWidth, height: HEIGHT }))
    watcher.observe(node)
    return () => {
      watcher.disconnect()
      plot.destroy()
    }
  }, [numbers, names, currency, locale, colours])
  const step = pointed === undefined ? undefined : steps[pointed]
  return (
    <div>
      <p className="home-plot-legend" aria-hidden="true">
        <span className="paid">{t('paid')}</span>
        <span className="refunded">{t('refunded')}</span>
        {step ? (
          <span className="home-plot-pointed">
            {t('pointed', {
              when: nameOf(step.at),
              paid: formatMoney(step.paidAmt, currency, language),
              refunded: formatMoney(step.refundedAmt, currency, language),
              n: step.paidCount,
            })}
          </span>
        ) : null}
      </p>
      <div ref={place} className="home-plot" role="img" aria-label={t('plotLabel')} />
    </div>
  )
}

interface Colours {
  readonly paid: string
  readonly refunded: string
  readonly soft: string
  readonly line: string
}

/** The tokens as the theme of the moment has them: a canvas does not follow style sheets by itself. */
function useColours(): Colours {
  const theme = useTheme()
  const [dark, setDark] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches)
  useEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)')
    const change = (): void => setDark(query.matches)
    query.addEventListener('change', change)
    return () => query.removeEventListener('change', change)
  }, [])
  // The theme is on the page before anybody is told of it, so that what is read here is what is seen.
  return useMemo(readColours, [theme, dark])
}

function readColours(): Colours {
  const probe = document.body.appendChild(document.createElement('span'))
  const read = (token: string): string => {
    probe.style.color = `var(${token})`
    return getComputedStyle(probe).color
  }
  const colours = { paid: read('--accent'), refunded: read('--bad'), soft: read('--soft'), line: read('--line') }
  probe.remove()
  return colours
}

function optionsOf(of: {
  readonly width: number
  readonly names: readonly string[]
  readonly colours: Colours
  readonly locale: string
  readonly setPointed: (index: number | undefined) => void
}): UPlot.Options {
  const { width, names, colours, locale, setPointed } = of
  const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 })
  const axis = {
    stroke: colours.soft,
    font: '12px system-ui, sans-serif',
    ticks: { show: false },
  }
  const bars = (share: number, align: -1 | 1): UPlot.Series.PathBuilder | undefined =>
    UPlot.paths.bars?.({ size: [share, 28], align, radius: 0.15 })
  const series = (colour: string, paths: UPlot.Series.PathBuilder | undefined): UPlot.Series => ({
    fill: colour,
    stroke: colour,
    width: 0,
    points: { show: false },
    ...(paths ? { paths } : {}),
  })
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: {
      x: { time: false, range: [-0.5, names.length - 0.5] },
      y: { range: (_plot, _min, max) => [0, max > 0 ? max * 1.08 : 1] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        incrs: [1, 2, 3, 4, 6, 7],
        space: 76,
        size: 28,
        values: (_plot, splits) => splits.map((index) => names[index] ?? ''),
      },
      {
        ...axis,
        grid: { stroke: colours.line, width: 1 },
        size: 52,
        values: (_plot, splits) => splits.map((value) => compact.format(value)),
      },
    ],
    series: [{}, series(colours.paid, bars(0.4, -1)), series(colours.refunded, bars(0.4, 1))],
    hooks: { setCursor: [(plot) => setPointed(plot.cursor.idx ?? undefined)] },
  }
}
