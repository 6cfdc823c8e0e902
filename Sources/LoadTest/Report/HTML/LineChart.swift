/// Lines over two axes, drawn as SVG that stands in the page.
struct LineChart {
    /// One line.
    struct Line {
        var name: String
        /// Which of the page's colours and strokes: 1 to 5, or `bad`.
        var style: String
        var points: [(x: Double, y: Double)]
        /// Whether what lies under it is tinted.
        var isFilled = false
    }

    var title: String
    var x: ChartAxis
    var y: ChartAxis
    var unit: String
    var lines: [Line]

    private static var width: Double { 760 }
    private static var height: Double { 300 }
    private static var left: Double { 64 }
    private static var right: Double { 24 }
    private static var top: Double { 34 }
    private static var bottom: Double { 34 }

    /// Draws the chart.
    func draw(into page: inout Markup) {
        page.element("figure") { page in
            page.element("figcaption", text: title)
            page.element(
                "svg",
                ["viewBox": "0 0 \(Self.width.text(0)) \(Self.height.text(0))", "role": "img", "aria-label": title]
            ) { page in
                drawGrid(into: &page)
                for line in lines { draw(line, into: &page) }
                drawLegend(into: &page)
            }
        }
    }

    private func across(_ value: Double) -> Double {
        Self.left + x.position(of: value) * (Self.width - Self.left - Self.right)
    }

    private func down(_ value: Double) -> Double {
        Self.height - Self.bottom - y.position(of: value) * (Self.height - Self.top - Self.bottom)
    }

    private func drawGrid(into page: inout Markup) {
        let right = (Self.width - Self.right).text(1)
        let floor = Self.height - Self.bottom
        for tick in y.ticks {
            let height = down(tick.value)
            page.empty(
                "line",
                ["class": "grid", "x1": Self.left.text(1), "x2": right, "y1": height.text(1), "y2": height.text(1)])
            page.element(
                "text",
                ["class": "tick end", "x": (Self.left - 8).text(1), "y": (height + 4).text(1)], text: tick.label)
        }
        for tick in x.ticks {
            let place = across(tick.value)
            page.empty(
                "line",
                [
                    "class": "grid", "x1": place.text(1), "x2": place.text(1), "y1": floor.text(1),
                    "y2": (floor + 5).text(1),
                ])
            page.element(
                "text", ["class": "tick middle", "x": place.text(1), "y": (floor + 20).text(1)], text: tick.label)
        }
        page.element("text", ["class": "tick end", "x": (Self.left - 8).text(1), "y": "16"], text: unit)
    }

    private func draw(_ line: Line, into page: inout Markup) {
        guard let first = line.points.first, let last = line.points.last else { return }
        let points = line.points.map { "\(across($0.x).text(1)),\(down($0.y).text(1))" }.joined(separator: " ")
        if line.isFilled {
            let floor = (Self.height - Self.bottom).text(1)
            let area = "\(across(first.x).text(1)),\(floor) \(points) \(across(last.x).text(1)),\(floor)"
            page.empty("polygon", ["class": "area s\(line.style)", "points": area])
        }
        if line.points.count == 1 {
            // A line needs two points.
            page.empty(
                "circle",
                ["class": "dot s\(line.style)", "cx": across(first.x).text(1), "cy": down(first.y).text(1), "r": "3"])
        } else {
            page.empty("polyline", ["class": "line s\(line.style)", "points": points])
        }
    }

    private func drawLegend(into page: inout Markup) {
        var place = Self.left + 4
        for line in lines {
            page.empty(
                "line",
                [
                    "class": "line s\(line.style)", "x1": place.text(1), "x2": (place + 22).text(1), "y1": "12",
                    "y2": "12",
                ])
            page.element("text", ["class": "legend", "x": (place + 28).text(1), "y": "16"], text: line.name)
            place += 28 + Double(line.name.count) * 7 + 26
        }
    }
}
