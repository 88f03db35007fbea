import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { htmlToText } from "../../src/html/to-text.ts";

const text = (html: string) => htmlToText(html).text;

describe("HTML as text", () => {
  it.each([
    [
      "blocks on lines of their own",
      "<h1>Title</h1><p>One\n  two</p><div>three</div><div>four</div>",
      "Title\n\nOne two\n\nthree\nfour",
    ],
    ["breaks", "a<br>b<br/>c", "a\nb\nc"],
    ["blanks run together", "a <b> b </b>\t c<i>d</i>", "a b cd"],
    ["lists", "<ul><li>a<li>b <ul><li>c</ul></ul>", "- a\n- b\n\n- c"],
    ["tables", "<table><tr><th>a<th>b<tr><td>1<td>2</table>", "a | b\n1 | 2"],
    ["preformatted text", "<pre>a\n  b</pre>", "a\n  b"],
    ["entities, once", "&amp;lt; &#x41;&#65;&euro;&nbsp;&bogus;", "&lt; AA€\u00a0&bogus;"],
    ["unclosed tags", "<p>a<p>b<b>c", "a\n\nbc"],
    ["no tags", "1 < 2 && 3 > 2", "1 < 2 && 3 > 2"],
    ["nothing", "", ""],
  ])("keeps %s", (_what, html, expected) => {
    expect(text(html)).toBe(expected);
  });

  it.each([
    ["scripts", "<script>x</script><script>y"],
    ["scripts in the middle of other tags", "<SCRIPT\n>x</script\n>"],
    ["styles", "<style>x</style>"],
    ["comments", "<!-- x --><!----><!-- x --!>"],
    ["declarations", "<!DOCTYPE html [<!ENTITY x 'y'>]>".replace(/\[.*\]/, "")],
    ["processing instructions", "<?php x ?>"],
    ["templates", "<template><p>x</p></template>"],
    ["what is for browsers without scripts", "<noscript>x</noscript>"],
    ["frames and drawings", "<iframe>x</iframe><svg><title>x</title><text>x</text></svg><object>x</object>"],
    ["hidden elements", "<p hidden>x<b>x</b></p><p HIDDEN=until-found>x</p>"],
    ["what screen readers are not told", '<div aria-hidden="true">x<div>x</div></div>'],
    ["display none", '<p style="color:red; DISPLAY : NONE !important">x</p>'],
    ["display none with an escape", '<p style="disp\\6c ay:n\\6fne">x</p>'],
    ["display none with a comment", '<p style="display:/**/none">x</p>'],
    [
      "invisible",
      '<p style="visibility:hidden">x</p><p style="visibility: collapse">x</p><p style="opacity:0">x</p><p style="opacity:.0%">x</p>',
    ],
    [
      "of no size",
      '<p style="font-size:0px">x</p><p style="height:0;overflow:hidden">x</p><p style="max-width:0">x</p><p style="transform:scale(0)">x</p>',
    ],
    ["moved off the page", '<p style="position:absolute;left:-9999px">x</p><p style="text-indent:-9999em">x</p>'],
    ["clipped away", '<p style="clip:rect(0,0,0,0)">x</p><p style="clip-path: inset(50%)">x</p>'],
    ["transparent", '<p style="color:transparent">x</p>'],
    ["closed dialogs and fields", "<dialog>x</dialog><textarea>x</textarea><select><option>x</select><input value=x>"],
    ["attributes", '<img alt="x" title="x"><p title="x" data-x="x"></p>'],
  ])("leaves out %s", (_what, html) => {
    expect(text(`a ${html}`)).toBe("a");
  });

  it("shows what only looks like hidden", () => {
    const html =
      '<p style="opacity:0.5">a</p><p style="width:0.5em">b</p><p style="font-size:10px;opacity:;scale:0.9;transform:scale(0.5)">c</p><p aria-hidden="false">d</p><dialog open>e</dialog>';
    expect(text(html)).toBe("a\n\nb\n\nc\n\nd\n\ne");
  });

  it("shows what follows something hidden that was not closed", () => {
    expect(text("<p hidden>x<p>a</p><div><span hidden>x</div>b")).toBe("a\n\nb");
  });

  it("takes the title of the page, not that of a drawing", () => {
    expect(htmlToText("<svg><title>no</title></svg><head><title> T &amp;\n t</title><meta></head>a").title).toBe(
      "T & t",
    );
    expect(htmlToText("<svg><title>no</title></svg>a")).toEqual({ text: "a", cut: false });
  });

  it("shows addresses of http and https only, and follows none", () => {
    const base = new URL("https://example.com/dir/");
    const html =
      '<a href="https://a.example/?q=1">a</a> <a href="/x">b</a> <a href="javascript:alert(1)">c</a> <a href="data:,x">d</a> ' +
      '<a href="https://u:p@e.example/">e</a> <a href="java&#10;script:1">f</a> <a href="//g.example">g</a> <a>h</a> <a hidden href=/x>x</a>';
    expect(htmlToText(html, { base }).text).toBe(
      "a (https://a.example/?q=1) b (https://example.com/x) c d e f g (https://g.example/) h",
    );
    expect(text('<a href="/x">b</a>')).toBe("b");
  });

  it("stops at the length that was asked for, between characters", () => {
    const page = htmlToText("<p>abc</p><p>d\u{1F600}e</p>", { maxLength: 7 });
    expect(page.cut).toBe(true);
    expect(page.text.length).toBeLessThanOrEqual(7);
    expect(page.text.isWellFormed()).toBe(true);
  });

  it("stops reading a page of many million characters, and says so", () => {
    const page = htmlToText(`a${"<b></b>".repeat(1_000_000)}z`);
    expect(page).toEqual({ text: "a", cut: true });
  });

  it.each<readonly [what: string, html: string]>([
    ["a hundred thousand nested elements", "<div>".repeat(100_000)],
    ["nested lists", "<ul><li>".repeat(50_000)],
    ["nested tables", "<table><tr><td>".repeat(50_000)],
    ["open elements and as many end tags of others", "<a>".repeat(80_000) + "</b>".repeat(80_000)],
    ["end tags of others at the greatest depth", "<a>".repeat(511) + "</b>".repeat(250_000)],
    ["paragraphs that close each other", "<p>".repeat(300_000)],
    ["many attributes", `<a ${Array.from({ length: 100_000 }, (_, at) => `a${at}=b`).join(" ")}>`],
    ["a long attribute", `<a href="${"a".repeat(1_000_000)}">`],
    ["a long style", `<a style="${"/*".repeat(500_000)}">`],
    ["many styles", '<a style="display:block;/*"></a>'.repeat(30_000)],
    ["many begun comments in many styles", `<a style="${"/*a".repeat(680)}"></a>`.repeat(500)],
    ["many zeros in many styles", `<a style="transform:${"scale(0".repeat(200)}${"0".repeat(600)}x"></a>`.repeat(500)],
    ["entities", "&amp;".repeat(200_000)],
    ["half entities", "&".repeat(1_000_000)],
    ["half tags", "<".repeat(1_000_000)],
    ["half comments", "<!--".repeat(250_000)],
    ["half end tags of a script", `<script>${"</scrip".repeat(150_000)}`],
    ["blanks", " \n".repeat(500_000)],
  ])("comes to an end with %s", (_what, html) => {
    const start = performance.now();
    htmlToText(html);
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it("reads anything at all", () => {
    const piece = fc.constantFrom(
      "<",
      ">",
      "</",
      "p",
      "a",
      "script",
      "title",
      "pre",
      " hidden",
      "=",
      '"',
      "'",
      "&",
      "#",
      ";",
      "<!--",
      "-->",
      "<![CDATA[",
      "x",
      "\n",
      "\0",
      "\ud800",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const html = pieces.join("");
        const { text: shown } = htmlToText(html);
        expect(shown.length).toBeLessThanOrEqual(html.length * 3 + 16);
      }),
      { numRuns: 1000 },
    );
  });
});
