/// The page's one style sheet. Its digest stands in the page's policy, so that nothing else can style it.
///
/// Colours are chosen for a contrast of at least 4.5 : 1 on their ground in both schemes; paper gets the light one.
enum Stylesheet {
  static let markup: Markup = """
    :root{color-scheme:light dark;--ground:#f4f6f8;--card:#fff;--ink:#17202b;--soft:#526070;--rule:#d8dee6;
    --link:#1756a9;--good:#12693b;--good-ground:#e6f4ec;--fair:#7a4b00;--fair-ground:#fdf2dc;--bad:#a31d16;
    --bad-ground:#fdeae8;--plain-ground:#eef1f5;--fill:#2f6fbf;--track:#edf0f4;
    --s0:#2064b4;--s1:#b3470b;--s2:#1d7a46;--s3:#8a3fa0;--s4:#96690a;--s5:#b02a5b}
    @media (prefers-color-scheme:dark){:root{--ground:#10151b;--card:#181f28;--ink:#e6ebf1;--soft:#a5b1bf;
    --rule:#2d3744;--link:#86b8ff;--good:#6fd6a0;--good-ground:#12291e;--fair:#f0c16a;--fair-ground:#2b2312;
    --bad:#ff9c93;--bad-ground:#331917;--plain-ground:#222b36;--fill:#5b98e6;--track:#242d39;
    --s0:#72aaf5;--s1:#f0985e;--s2:#69d19b;--s3:#cf9be0;--s4:#e0b754;--s5:#f08bb0}}
    *{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%}
    body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",
    Roboto,"Noto Sans","DejaVu Sans",sans-serif;overflow-wrap:anywhere}
    header,nav,main,footer{max-width:66rem;margin:0 auto;padding:0 1.25rem}
    header{padding-top:2rem}
    .brand{display:flex;align-items:center;gap:.5rem;margin:0;font-weight:600;color:var(--soft)}
    .brand span{font-weight:400}
    h1{margin:.4rem 0 0;font-size:1.9rem;line-height:1.2;letter-spacing:-.01em}
    .meta,.note{color:var(--soft);font-size:.9rem}
    .meta{margin:.4rem 0 1rem}
    .icon{flex:none;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
    .skip{position:absolute;left:-999rem}
    .skip:focus{left:1rem;top:1rem;padding:.5rem 1rem;background:var(--card);z-index:1}
    nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;margin:0;padding:.6rem 0;list-style:none;
    border-top:1px solid var(--rule)}
    nav li{font-size:.9rem}
    a{color:var(--link)}
    :focus-visible{outline:2px solid var(--link);outline-offset:2px}
    main:focus{outline:none}
    section{margin:1.25rem 0;padding:1.25rem 1.5rem;background:var(--card);border:1px solid var(--rule);
    border-radius:.6rem}
    h2{margin:0 0 .75rem;font-size:1.25rem;line-height:1.3}
    h3{margin:1.25rem 0 .4rem;font-size:1rem}
    p{margin:.5rem 0;max-width:48rem}
    ul{margin:.5rem 0;padding-left:1.25rem}
    code,pre{font:.86em/1.5 ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
    pre{padding:.75rem 1rem;background:var(--plain-ground);border-radius:.4rem;overflow-x:auto;overflow-wrap:normal}
    small{font-size:.85em;color:var(--soft)}
    .none{color:var(--soft)}
    .verdict{display:flex;gap:1.1rem;align-items:flex-start;margin-top:.5rem;border-width:1px 1px 1px 6px}
    .verdict h2{margin:.1rem 0 .2rem;font-size:1.6rem}
    .verdict p{margin:0}
    .verdict .advice{margin-top:.6rem}
    .verdict .short{margin:.75rem 0 0;font-weight:600}
    .verdict.good{background:var(--good-ground);border-color:var(--good)}
    .verdict.fair{background:var(--fair-ground);border-color:var(--fair)}
    .verdict.bad{background:var(--bad-ground);border-color:var(--bad)}
    .verdict.good .icon,.verdict.good h2{color:var(--good)}
    .verdict.fair .icon,.verdict.fair h2{color:var(--fair)}
    .verdict.bad .icon,.verdict.bad h2,strong.bad{color:var(--bad)}
    .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.75rem;margin:1.25rem 0}
    .tiles div{display:flex;flex-direction:column-reverse;justify-content:flex-end;padding:.8rem 1rem;
    background:var(--card);border:1px solid var(--rule);border-radius:.6rem}
    .tiles dt{color:var(--soft);font-size:.85rem}
    .tiles dd{margin:0;white-space:nowrap;font-size:1.35rem;font-weight:600;font-variant-numeric:tabular-nums}
    .scroll{overflow-x:auto;margin:.75rem 0}
    table{width:100%;border-collapse:collapse;font-size:.92rem}
    caption{padding:.25rem 0;color:var(--soft);font-size:.85rem;text-align:left}
    th,td{padding:.42rem 1.1rem .42rem 0;border-bottom:1px solid var(--rule);text-align:left;vertical-align:top}
    th:last-child,td:last-child{padding-right:0}
    thead th{color:var(--soft);font-weight:600;font-size:.85rem;vertical-align:bottom}
    tbody th{font-weight:500}
    tbody tr:last-child>*{border-bottom:0}
    th,td{overflow-wrap:break-word}
    .t{min-width:14rem;overflow-wrap:anywhere}
    .w{white-space:nowrap}
    td code,th code{overflow-wrap:normal}
    td .digest code{overflow-wrap:anywhere}
    .n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
    .badge{display:inline-block;padding:0 .55em;border-radius:1em;font-size:.85rem;font-weight:600;
    white-space:nowrap}
    .badge.good{color:var(--good);background:var(--good-ground)}
    .badge.fair{color:var(--fair);background:var(--fair-ground)}
    .badge.bad{color:var(--bad);background:var(--bad-ground)}
    details summary{cursor:pointer}
    .digest summary{white-space:nowrap}
    .digest[open]{min-width:12rem}
    .fold{margin:.75rem 0}
    .fold>summary{color:var(--link)}
    .bars th{min-width:9rem}
    .bars td.bar{width:45%;min-width:6rem;padding-left:.5rem;vertical-align:middle}
    .bars svg{display:block}
    .track{fill:var(--track)}
    .fill{fill:var(--fill)}
    .marked{fill:var(--bad)}
    .chart{margin:1.25rem 0 .75rem}
    figcaption{margin-bottom:.5rem;font-weight:600}
    .plot{display:grid;grid-template-columns:auto minmax(0,1fr);gap:.3rem .6rem}
    .plot svg{width:100%;height:15rem;overflow:visible}
    .plot ol{display:flex;justify-content:space-between;margin:0;padding:0;list-style:none;color:var(--soft);
    font-size:.8rem;font-variant-numeric:tabular-nums;white-space:nowrap}
    .plot .y{flex-direction:column;text-align:right;margin:-.6em 0}
    .plot .x{grid-column:2}
    .grid{stroke:var(--rule);stroke-width:1;vector-effect:non-scaling-stroke}
    .line{fill:none;stroke-width:2;stroke-linejoin:round}
    .area{stroke:none;opacity:.12}
    .key{margin-right:.5rem;vertical-align:middle}
    .line.s0{stroke:var(--s0)}.line.s1{stroke:var(--s1);stroke-dasharray:7 3}
    .line.s2{stroke:var(--s2);stroke-dasharray:2 3}.line.s3{stroke:var(--s3);stroke-dasharray:10 3 2 3}
    .line.s4{stroke:var(--s4);stroke-dasharray:5 5}.line.s5{stroke:var(--s5);stroke-dasharray:1 4}
    .area.s0{fill:var(--s0)}.area.s1{fill:var(--s1)}.area.s2{fill:var(--s2)}.area.s3{fill:var(--s3)}
    .area.s4{fill:var(--s4)}.area.s5{fill:var(--s5)}
    .pairs{margin:.5rem 0}
    .pairs div{display:grid;grid-template-columns:minmax(8rem,14rem) 1fr;gap:.25rem 1rem;padding:.35rem 0;
    border-bottom:1px solid var(--rule)}
    .pairs.wide div{grid-template-columns:minmax(0,1fr) minmax(0,1fr)}
    .pairs div:last-child{border-bottom:0}
    .pairs dd{margin:0}
    footer{padding-top:.5rem;padding-bottom:2.5rem;color:var(--soft);font-size:.85rem}
    @media (max-width:40rem){header,nav,main,footer{padding-left:.9rem;padding-right:.9rem}
    section{padding:1rem}h1{font-size:1.5rem}.verdict{gap:.75rem}.verdict h2{font-size:1.3rem}
    .verdict .icon{width:32px;height:32px}.tiles{grid-template-columns:1fr 1fr}.plot svg{height:11rem}
    th,td{padding-right:.8rem}.bars th{min-width:7rem}.bars td.bar{width:30%;min-width:4rem}
    .pairs div,.pairs.wide div{grid-template-columns:1fr}}
    @media print{:root{color-scheme:light;--ground:#fff;--card:#fff;--ink:#000;--soft:#444;--rule:#bbb;
    --link:#000;--good:#12693b;--good-ground:#fff;--fair:#7a4b00;--fair-ground:#fff;--bad:#a31d16;--bad-ground:#fff;
    --plain-ground:#fff;--fill:#2f6fbf;--track:#eee;--s0:#2064b4;--s1:#b3470b;--s2:#1d7a46;--s3:#8a3fa0;
    --s4:#96690a;--s5:#b02a5b}
    body{font-size:10pt}header,nav,main,footer{max-width:none;padding:0}nav,.skip{display:none}
    section{padding:.5rem 0;border:0;border-radius:0}.verdict{padding:.75rem 1rem;border:1px solid;border-left-width:6px}
    *{-webkit-print-color-adjust:exact;print-color-adjust:exact}
    h2,h3,caption{break-after:avoid}tr,figure,.verdict,.tiles div{break-inside:avoid}
    .tiles{grid-template-columns:repeat(3,1fr)}.scroll{overflow:visible}pre{white-space:pre-wrap}
    details::details-content{content-visibility:visible;display:block;block-size:auto}
    .digest summary{display:none}.fold>summary{list-style:none}}

    """
}
