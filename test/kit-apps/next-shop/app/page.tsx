export default function Page() {
  return <h1>A shop on Next.js</h1>
}
