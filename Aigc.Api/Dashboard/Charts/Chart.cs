namespace Aigc.Api.Dashboard.Charts;

public enum SeriesShape
{
    /// <summary>Stacked on those before.</summary>
    Bars,
    Line,

    /// <summary>A line that says how far the others may go.</summary>
    Limit,
}

/// <param name="Values">One for each place along the axis; null: there is none.</param>
/// <param name="Tone">Which of the five colours.</param>
public sealed record Series(string Name, SeriesShape Shape, IReadOnlyList<double?> Values, int Tone);

/// <summary>What a chart shows.</summary>
/// <param name="Id">Of its part of the page.</param>
/// <param name="Unit">What the axis counts.</param>
/// <param name="Summary">What can be seen, in a sentence.</param>
/// <param name="Places">Along the axis: what the table calls them, and the short form of it.</param>
/// <param name="Show">A value in words, for the table.</param>
/// <param name="Mark">A value at the axis.</param>
public sealed record Chart(
    string Id, string Title, string Unit, string Summary, IReadOnlyList<(string Name, string Short)> Places, IReadOnlyList<Series> Series,
    Func<double, string> Show, Func<double, string> Mark);
