using System.Globalization;
using ScottPlot;
using ScottPlot.Plottables;

namespace Chasqui.Compare.Report;

/// <summary>Horizontal bars with whiskers, their values at the ends; no axis, no grid. Coordinates are pixels, y upwards.</summary>
internal sealed class BarChart
{
    private const int Width = 920, Margin = 24, BarsLeft = 282, BarsRight = 800;
    private const int Head = 84, OneBar = 30, TwoBars = 44, Gap = 12;
    private const string Typeface = "DejaVu Sans";

    private static readonly Color[] Ours = [Color.FromHex("#D9480F"), Color.FromHex("#F2A07B")];
    private static readonly Color[] Others = [Color.FromHex("#7B8794"), Color.FromHex("#C3CBD3")];
    private static readonly Color Ink = Color.FromHex("#1F2933"), Faint = Color.FromHex("#616E7C");

    /// <summary>In large letters above.</summary>
    public required string Title { get; init; }

    /// <summary>Below the title: what the bars are.</summary>
    public required string Subtitle { get; init; }

    /// <summary>In small letters at the foot, a line each.</summary>
    public required IReadOnlyList<string> Caption { get; init; }

    /// <summary>Behind each value.</summary>
    public required string Unit { get; init; }

    /// <summary>Digits behind the point of the values.</summary>
    public required int Decimals { get; init; }

    /// <summary>From the top.</summary>
    public required IReadOnlyList<BarChartRow> Rows { get; init; }

    private int Height => Head + Rows.Sum(row => RowHeight(row) + Gap) + 14 + (Caption.Count * 19) + 14;

    /// <summary>Writes the picture twice.</summary>
    /// <param name="path">Without an ending: .svg and .png are added.</param>
    public void Save(string path)
    {
        // Readers without the typeface get one of the same widths: letters are placed one by one in the file.
        string svg = Draw(1).GetSvgXml(Width, Height);
        File.WriteAllText($"{path}.svg", svg.Replace($"\"{Typeface}\"", $"\"{Typeface}, Verdana, sans-serif\"", StringComparison.Ordinal));
        Draw(2).SavePng($"{path}.png", Width * 2, Height * 2); // sharp on dense screens
    }

    private Plot Draw(int scale)
    {
        var plot = new Plot { ScaleFactor = scale };
        plot.Axes.Frameless();
        plot.HideGrid();
        plot.Axes.SetLimits(0, Width, 0, Height);
        Write(plot, Title, Margin, Height - 34, 21, Ink, isBold: true);
        Write(plot, Subtitle, Margin, Height - 61, 14, Faint);
        double top = Height - Head;
        double pixels = (BarsRight - BarsLeft) / Rows.Max(row => row.Bars.Max(bar => bar.Greatest));
        foreach (BarChartRow row in Rows)
        {
            AddRow(plot, row, top, pixels);
            top -= RowHeight(row) + Gap;
        }

        for (int i = 0; i < Caption.Count; i++) Write(plot, Caption[i], Margin, top - 16 - (i * 19), 12, Faint);
        return plot;
    }

    private void AddRow(Plot plot, BarChartRow row, double top, double pixels)
    {
        double height = (double)RowHeight(row) / row.Bars.Count;
        Text label = Write(plot, row.Label, BarsLeft - 12, top - (RowHeight(row) / 2.0), 15, Ink, row.IsOurs);
        label.LabelAlignment = Alignment.MiddleRight;
        for (int i = 0; i < row.Bars.Count; i++)
        {
            Spread bar = row.Bars[i];
            double y = top - (height * (i + 0.5)), end = BarsLeft + (bar.Median * pixels);
            Rectangle box = plot.Add.Rectangle(BarsLeft, end, y - (height / 2) + 1, y + (height / 2) - 1);
            box.FillColor = (row.IsOurs ? Ours : Others)[i];
            box.LineWidth = 0;
            AddWhisker(plot, BarsLeft + (bar.Least * pixels), BarsLeft + (bar.Greatest * pixels), y, height / 6);
            string value = $"{bar.Median.ToString($"F{Decimals}", CultureInfo.InvariantCulture)} {Unit}";
            Write(plot, value, BarsLeft + (bar.Greatest * pixels) + 9, y, 14, Ink, row.IsOurs);
        }
    }

    private static void AddWhisker(Plot plot, double least, double greatest, double y, double half)
    {
        AddLine(plot, least, y, greatest, y);
        AddLine(plot, least, y - half, least, y + half);
        AddLine(plot, greatest, y - half, greatest, y + half);
    }

    private static void AddLine(Plot plot, double x1, double y1, double x2, double y2)
    {
        LinePlot line = plot.Add.Line(x1, y1, x2, y2);
        line.LineColor = Ink;
        line.LineWidth = 1.3f;
        line.MarkerSize = 0;
    }

    private static Text Write(Plot plot, string words, double x, double y, float size, Color color, bool isBold = false)
    {
        Text text = plot.Add.Text(words, x, y);
        text.LabelFontName = Typeface;
        text.LabelFontSize = size;
        text.LabelFontColor = color;
        text.LabelBold = isBold;
        text.LabelAlignment = Alignment.MiddleLeft;
        text.LabelPadding = 0;
        return text;
    }

    private static int RowHeight(BarChartRow row) => row.Bars.Count == 1 ? OneBar : TwoBars;
}
