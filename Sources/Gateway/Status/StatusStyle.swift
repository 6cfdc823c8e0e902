/// The style of the status page.
enum StatusStyle {
    static let text: StaticString = """
        :root{color-scheme:light dark;--ground:#f4f5f2;--paper:#fff;--ink:#1b2320;--soft:#59655f;--line:#e1e5e0;\
        --well:#1d6b47;--well-ground:#e4f1e9;--warning:#875600;--warning-ground:#fcf0d4;--critical:#a5211d;\
        --critical-ground:#fbe4e1;--link:#235d8c;--bar:#e6eae5}
        @media (prefers-color-scheme:dark){:root{--ground:#0f1412;--paper:#171e1b;--ink:#e4eae6;--soft:#9ba8a1;\
        --line:#29332e;--well:#7ed3a4;--well-ground:#15291f;--warning:#ecbe63;--warning-ground:#302709;\
        --critical:#ff9d95;--critical-ground:#3a1715;--link:#8fc3ee;--bar:#2a342f}}
        *{box-sizing:border-box}
        html{background:var(--ground);color:var(--ink);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,\
        "Noto Sans","Liberation Sans",sans-serif;font-variant-numeric:tabular-nums;-webkit-text-size-adjust:100%}
        body{max-width:80rem;margin:0 auto;padding:1rem clamp(.75rem,3vw,2rem) 3rem}
        p,dl,dd,figure,ol{margin:0;padding:0}
        a{color:var(--link)}
        a:focus-visible{outline:3px solid var(--link);outline-offset:2px}
        header{display:flex;flex-wrap:wrap;align-items:baseline;gap:.25rem 1.25rem;padding:0 .25rem .75rem}
        .brand b{font-weight:700;letter-spacing:-.01em}
        .brand span,.when{color:var(--soft)}
        .brand{overflow-wrap:anywhere}
        header nav{margin-left:auto}
        header a{display:inline-block;padding:.25rem 0}
        .lost{margin-bottom:.75rem;padding:.6rem 1rem;border-radius:.6rem;background:var(--critical-ground);\
        color:var(--critical);font-weight:600}
        section{background:var(--paper);border:1px solid var(--line);border-radius:.75rem;padding:1.1rem 1.25rem}
        .verdict{border-left-width:.4rem;padding-block:1.25rem}
        .verdict.well{border-color:var(--well);background:var(--well-ground)}
        .verdict.warning{border-color:var(--warning);background:var(--warning-ground)}
        .verdict.critical{border-color:var(--critical);background:var(--critical-ground)}
        h1{display:flex;align-items:center;gap:.75rem;margin:0 0 .15rem;font-size:clamp(1.5rem,1.15rem + 1.6vw,2.1rem);\
        line-height:1.2;letter-spacing:-.02em;font-weight:650;text-wrap:balance}
        .verdict.well h1{color:var(--well)}.verdict.warning h1{color:var(--warning)}
        .verdict.critical h1{color:var(--critical)}
        h1 i,.s i{flex:none;display:inline-block;background:currentColor}
        h1 i{width:1.4rem;height:1.4rem}
        .s{display:inline-flex;align-items:baseline;gap:.45em;font-weight:550}
        .s i{width:.62em;height:.62em}
        .well i{border-radius:50%}
        .warning i{clip-path:polygon(50% 4%,100% 96%,0 96%)}
        .idle i{border-radius:50%;background:none;border:.14em solid currentColor}
        .s{overflow-wrap:normal}
        .s.well{color:var(--well)}.s.warning{color:var(--warning)}.s.critical{color:var(--critical)}
        .s.idle{color:var(--soft)}
        .verdict ol{list-style:none;margin-top:.9rem;display:grid;gap:.75rem}
        .verdict li{padding-top:.75rem;border-top:1px solid color-mix(in srgb,currentColor 16%,transparent)}
        .verdict .s{margin-right:.35em}
        .verdict strong{font-weight:600;overflow-wrap:anywhere}
        .todo{color:var(--soft);white-space:pre-line;overflow-wrap:anywhere;max-width:75ch}
        h2{margin:0 0 .6rem;font-size:1.05rem;font-weight:650;letter-spacing:-.01em}
        .figures{margin-top:1rem}
        .tiles{display:grid;gap:1rem 2rem}
        .tiles dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(7.6rem,1fr));gap:.8rem 1.25rem}
        .tiles div{display:flex;flex-direction:column-reverse;justify-content:flex-end}
        dt{color:var(--soft);font-size:.85rem;line-height:1.3}
        dd{font-size:1.65rem;line-height:1.2;font-weight:600;letter-spacing:-.02em}
        .curve{display:block;width:100%;height:4.5rem}
        .curve path{stroke:var(--line);fill:none;vector-effect:non-scaling-stroke}
        .curve .area{fill:var(--link);stroke:none}
        figcaption,caption,small,.nothing{color:var(--soft);font-size:.85rem}
        figcaption{padding-top:.25rem}
        .grid{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:1rem;margin-top:1rem;align-items:start}
        .grid section{grid-column:1/-1;min-width:0}
        .grid .stack section{grid-column:auto}
        table{border-collapse:collapse;width:100%;font-size:.94rem}
        table+table{margin-top:1rem}
        caption{text-align:left;padding-bottom:.35rem}
        th,td{padding:.5rem .9rem .5rem 0;text-align:left;vertical-align:top;font-weight:400;\
        border-top:1px solid var(--line)}
        th:last-child,td:last-child{padding-right:0}
        thead th{border:0;color:var(--soft);font-size:.8rem;padding-block:.2rem;vertical-align:bottom}
        tbody th .v{font-weight:550}
        .n{text-align:right}
        .v{overflow-wrap:anywhere}
        .n .v,time{white-space:nowrap}
        small{display:block;font-weight:400;line-height:1.4}
        small .s{font-weight:400}
        code{font:.88em/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
        .bar{display:block;width:100%;min-width:5rem;max-width:14rem;height:.28rem;margin-top:.4rem;border-radius:.2rem}
        .track{fill:var(--bar)}rect.well{fill:var(--well)}rect.warning{fill:var(--warning)}
        rect.critical{fill:var(--critical)}
        .hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
        .stack{display:grid;gap:1rem;min-width:0}
        @media (max-width:52rem){.grid .stack{grid-column:1/-1}}
        @media (max-width:44rem){
        section{padding:1rem}
        table:not(.narrow),table:not(.narrow) :is(tbody,caption,tr,th,td){display:block}
        table:not(.narrow) thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
        table:not(.narrow) tbody tr{padding:.6rem 0;border-top:1px solid var(--line)}
        table:not(.narrow) tbody :is(th,td){display:grid;grid-template-columns:minmax(6.5rem,36%) minmax(0,1fr);\
        gap:.75rem;border:0;padding:.18rem 0;text-align:left}
        table:not(.narrow) tbody th{grid-template-columns:minmax(0,1fr)}
        table:not(.narrow) tbody td::before{content:attr(data-label);color:var(--soft);font-size:.85rem;\
        line-height:1.75}
        table:not(.narrow) .n .v,time{white-space:normal}}
        @media print{body{max-width:none}section{break-inside:avoid}header nav{display:none}}
        @media (prefers-contrast:more){:root{--soft:var(--ink);--line:var(--ink)}}
        """
}
