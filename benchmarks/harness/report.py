"""The figures of a run as Markdown, with charts."""

import os
import subprocess
import time

from .measures import SIZES, median


def machine():
    cpu = "unknown processor"
    with open("/proc/cpuinfo") as info:
        for line in info:
            if line.startswith("model name"):
                cpu = line.split(":", 1)[1].strip()
                break
    with open("/proc/meminfo") as info:
        memory = int(info.readline().split()[1]) / 2**20
    openssl = subprocess.run(["openssl", "version"], stdout=subprocess.PIPE).stdout.decode().split()[1]
    return f"{os.cpu_count()} cores of {cpu}, {memory:.0f} GiB, Linux {os.uname().release.split('-')[0]}, OpenSSL {openssl}"


def commit(folder):
    def git(*arguments):
        return subprocess.run(["git", "-C", str(folder), *arguments], stdout=subprocess.PIPE).stdout.decode().strip()

    return git("rev-parse", "--short=10", "HEAD") + (" (with changes)" if git("status", "--porcelain", "-uno") else "")


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def markdown(figures, options, load_average, source, versions, charts):
    text = f"""# Benchmarks of {time.strftime('%Y-%m-%d')}

- commit {commit(source)}
- {machine()}
- {'; '.join(versions)}
- {options.rounds} interleaved rounds of {options.seconds} s, medians; load average of the machine before the run:
  {load_average:.1f} (other work on it makes times longer, CPU-seconds less so)

"""
    return text + "\n".join(filter(None, [
        micro(figures.get("micro")), times(figures.get("times")), handshakes_by_size(figures), memory(figures.get("memory")),
        swap(figures.get("swap")), cut(figures.get("cut")), workers(figures.get("workers")), policy(figures.get("policy")),
        peers(figures.get("peers"), charts)]))


def policy(found):
    if not found:
        return ""
    return "## Keep-alive requests under every rule of a route, CPU of the gateway\n\n" + table(["route", "µs a request"], [
        ["identity headers, no rules", f"{found['open']:.1f}"],
        ["the same with structures, an enrolment list of 1,001, a bound token (signature verified), a rate limit",
         f"{found['ruled']:.1f}"],
    ]) + f"\nRatio, median of the rounds: {found['ratio']:.3f} (target: under 1.05).\n"


def micro(found):
    if not found:
        return ""
    build = found["crl.parse.ms"] + found["crl.verify.ms"] + found["crl.index.ms"]
    return "## CRLs of 1,000,000 entries, in the process\n\n" + table(["what", "measured", "target"], [
        ["size of the CRL", f"{found['crl.bytes'] / 1e6:.1f} MB", ""],
        ["index, bytes an entry", f"{found['index.bytes_per_entry']:.1f}", "at most 20"],
        ["look-up, serial in the list", f"{found['index.hit.ns']:.0f} ns", "under 200 ns"],
        ["look-up, serial not in it", f"{found['index.miss.ns']:.0f} ns", "under 200 ns"],
        ["read, verified and indexed (CPU)", f"{build:.0f} ms = {found['crl.parse.ms']:.0f} + "
         f"{found['crl.verify.ms']:.0f} + {found['crl.index.ms']:.0f}", "under 1 s"],
    ]) + "\n## Verification of a caller, in the process\n\n" + table(["what", "µs"], [
        ["known (cache hit): digest, dates, three serials looked up", f"{found['cache.hit.us']:.2f}"],
        ["unknown (miss): path, signatures, profile, identity", f"{found['cache.miss.us']:.0f}"],
    ])


def times(found):
    if not found:
        return ""
    names = {
        "head.parse": "a request's head of nine fields, read", "head.render": "the same, written",
        "der.certificate": "a certificate, read", "cache.hit": "a known caller, judged",
        "cache.miss": "an unknown caller, judged, CRL of 10,000 entries", "index.hit": "a serial in that CRL, looked up",
        "index.miss": "a serial not in it"}
    return "## Pieces of the work, in the process, everything in the caches\n\n" + table(
        ["what", "ns"], [[names.get(name.removesuffix(".ns"), name), f"{value:,.0f}"] for name, value in found.items()])


def handshakes_by_size(figures):
    text = ""
    for key, label in (("rsa", "RSA-2048"), ("p256", "P-256")):
        found = figures.get(f"handshakes.{key}")
        if not found:
            continue
        text += f"## Full TLS 1.3 handshakes with one request, {label} server, per CPU-second of the gateway\n\n"
        rows = []
        for name, entries in SIZES:
            one = found[name]
            rounds = " ".join(f"{value:.0f}" for value in one["rounds"])
            rows.append([f"{entries:,}", f"{one['median']:.0f}", f"{one['ratio']:.3f} ± {one['error']:.3f}", rounds])
        text += table(["CRL entries", "median", "ratio to 0 entries (target ≥ 0.97)", "rounds"], rows)
        text += f"\nThe load generator made {found['client']:.0f} a CPU-second of its own.\n\n"
    return text


def memory(found):
    if not found:
        return ""
    small, large = found["0"], found["1m"]
    over = (large["resident"] - small["resident"]) / 2**20
    return "## Memory and start, one worker\n\n" + table(["what", "0 entries", "1,000,000 entries"], [
        ["resident", f"{small['resident'] / 2**20:.1f} MiB",
         f"{large['resident'] / 2**20:.1f} MiB: {over:.1f} more (target: at most 60)"],
        ["from the start until it listens and both CRLs are in use", f"{small['startup'] * 1e3:.0f} ms",
         f"{large['startup'] * 1e3:.0f} ms"],
        ["again, with its state directory", f"{small['again'] * 1e3:.0f} ms", f"{large['again'] * 1e3:.0f} ms"],
    ])


def swap(found):
    if not found:
        return ""
    text = "## A CRL of 1,000,000 entries takes another's place by rename, under 100 new callers a second\n\n"
    text += f"From the rename to its use by the workers: {found['seconds']:.2f} s. Lost attempts: {found['failures']}.\n\n"
    text += table(["handshake and request, ms", "p50", "p99", "max"], [
        [name, *(f"{found[name][key]:.1f}" for key in ("p50", "p99", "max"))] for name in ("before", "during")])
    return text + f"\np99 during / before: {found['during']['p99'] / found['before']['p99']:.2f} (target: at most 1.2)\n"


def cut(found):
    if not found:
        return ""
    rows = []
    for label, entries in (("small", "at most 10"), ("large", "1,000,000")):
        one = found[label]
        use, rename = one["from_use"], one["from_rename"]
        rows.append([entries, f"{median(use) * 1e3:.0f}", f"{max(use) * 1e3:.0f}", f"{median(rename) * 1e3:.0f}",
                     f"{max(rename) * 1e3:.0f}", f"{one['lost']} of {one['held'] - len(use)}"])
    return "## An idle connection of a caller that a CRL revokes ends, 200 being open\n\n" + table(
        ["CRL entries", "ms from its use: median", "most (target: at most 100)",
         "ms from its rename into place: median", "most", "others disturbed"], rows)


def workers(found):
    if not found:
        return ""
    return "## Two workers and one, per CPU-second of the gateway\n\n" + table(
        ["work", "one worker", "two workers", "what a second of two is worth (1.8 on two cores: 0.9)"],
        [[label, f"{one['1']:.0f}", f"{one['2']:.0f}", f"{one['ratio']:.2f}"] for label, one in found.items()])


def peers(found, charts):
    if not found:
        return ""
    names = list(dict.fromkeys(name for values in found.values() for name in values))
    rows = []
    for label, values in found.items():
        others = [values[name] for name in ("nginx", "haproxy") if name in values]
        row = [label] + [f"{values[name]:.0f}" if name in values else "" for name in names]
        ratio = f"{values['poterne'] / max(others):.2f}" if others and not label.startswith("memory") else ""
        rows.append(row + [ratio])
    text = "## Beside peers, per CPU-second of each server's processes\n\n"
    text += "One worker each, the same certificates, CRL and upstream; Caddy has no check of CRLs.\n\n"
    text += table(["work"] + names + ["to the better of nginx and HAProxy"], rows)
    return text + "".join(f"\n![{label}]({file})\n" for label, file in charts)


def chart(label, values):
    """A bar for each server, as SVG that is legible on white and on black."""
    width, row, left = 640, 26, 120
    most = max(values.values()) or 1
    height = row * len(values) + 40
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="system-ui, sans-serif" font-size="13">',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        f'<text x="12" y="22" font-weight="600" fill="#1f2937">{label}</text>']
    for index, (name, value) in enumerate(values.items()):
        y = 36 + index * row
        length = (width - left - 90) * value / most
        color = "#0f766e" if name == "poterne" else "#cbd5e1" if name.startswith("floor") else "#94a3b8"
        lines.append(f'<text x="{left - 8}" y="{y + 14}" text-anchor="end" fill="#1f2937">{name}</text>')
        lines.append(f'<rect x="{left}" y="{y}" width="{length:.1f}" height="18" rx="2" fill="{color}"/>')
        lines.append(f'<text x="{left + length + 6:.1f}" y="{y + 14}" fill="#1f2937">{value:,.0f}</text>')
    return "\n".join(lines + ["</svg>"]) + "\n"


def write_charts(found, out):
    """Writes the charts beside the results; the label and the file of each."""
    charts = []
    for label, values in (found or {}).items():
        name = "".join(c if c.isalnum() else "-" for c in label.lower()).strip("-").replace("--", "-")
        file = out.with_name(f"{out.name}-{name}.svg")
        unit = "" if label.startswith("memory") else ", per CPU-second"
        file.write_text(chart(label + unit, values))
        charts.append((label, file.name))
    return charts
