/// The looks of the HTML report, in light and in dark.
///
/// Lines differ by their strokes too, for whoever does not tell the colours apart.
let reportStyle: StaticString = """
    :root { color-scheme: light dark; --ground: #ffffff; --ink: #1c2330; --soft: #5b6577; --rule: #dfe3ea;
      --panel: #f6f7f9; --c1: #1f5fd0; --c2: #0f7f5c; --c3: #b45a00; --c4: #7a3fc4; --c5: #0b7285; --bad: #c21f2f;
      --good: #0f7f5c; }
    @media (prefers-color-scheme: dark) { :root { --ground: #12161d; --ink: #e6e9ef; --soft: #9aa4b5; --rule: #2b3340;
      --panel: #1a202a; --c1: #7aa7ff; --c2: #4fd1a1; --c3: #f2a65a; --c4: #c09bf5; --c5: #58c7d8; --bad: #ff7b86;
      --good: #4fd1a1; } }
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
    main { max-width: 860px; margin: 0 auto; padding: 24px 20px 64px; }
    h1 { font-size: 1.45rem; margin: 0 0 12px; overflow-wrap: anywhere; }
    h2 { font-size: 1.1rem; margin: 32px 0 8px; }
    .verdict { padding: 10px 14px; border-left: 4px solid; background: var(--panel); font-weight: 600; }
    .verdict.right { border-color: var(--good); }
    .verdict.wrong { border-color: var(--bad); color: var(--bad); }
    .sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(360px, 1fr)); gap: 16px 32px; }
    table { border-collapse: collapse; width: 100%; align-self: start; font-variant-numeric: tabular-nums; }
    th, td { padding: 4px 8px; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top;
      overflow-wrap: anywhere; }
    th { font-weight: 500; color: var(--soft); white-space: nowrap; }
    .numbers td:not(:first-child), .numbers th:not(:first-child), .end { text-align: right; }
    .outcomes .bar { width: 35%; vertical-align: middle; }
    .outcomes .wrong td { color: var(--bad); font-weight: 600; }
    .bar svg { display: block; width: 100%; height: 12px; }
    figure { margin: 16px 0; padding: 12px; background: var(--panel); border-radius: 6px; }
    figcaption { font-weight: 500; margin-bottom: 4px; }
    figure svg { display: block; width: 100%; height: auto; }
    svg text { font: 12px system-ui, sans-serif; fill: var(--soft); }
    svg .legend { fill: var(--ink); }
    svg .end { text-anchor: end; } svg .middle { text-anchor: middle; }
    .grid { stroke: var(--rule); stroke-width: 1; }
    .line { fill: none; stroke-width: 2; stroke-linejoin: round; }
    .area { opacity: 0.15; stroke: none; }
    .s1 { stroke: var(--c1); fill: var(--c1); } .s2 { stroke: var(--c2); fill: var(--c2); stroke-dasharray: 7 3; }
    .s3 { stroke: var(--c3); fill: var(--c3); stroke-dasharray: 2 3; }
    .s4 { stroke: var(--c4); fill: var(--c4); stroke-dasharray: 10 3 2 3; }
    .s5 { stroke: var(--c5); fill: var(--c5); stroke-dasharray: 4 2; }
    .sbad { stroke: var(--bad); fill: var(--bad); }
    .fill { stroke: none; } polyline.line { fill: none; }
    details { margin-top: 32px; } summary { cursor: pointer; font-weight: 500; }
    @media print { body { background: none; } figure { break-inside: avoid; } }

    """
