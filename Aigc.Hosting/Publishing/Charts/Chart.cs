using System.Text.Json.Nodes;

namespace Aspire.Hosting.Publishing.Charts;

/// <summary>Everything that is installed, as data: a Helm chart and plain YAML are two ways to write it.</summary>
internal sealed record Chart(string Name, string Version, string Description, ChartValues Values, IReadOnlyList<ChartObject> Objects);

/// <param name="Path">Of its file, without a suffix, such as <c>api/deployment</c>.</param>
/// <param name="Conditions">The paths of values that all must be true.</param>
/// <param name="Content">Its strings may have values in them: see <see cref="ValueText"/>.</param>
internal sealed record ChartObject(string Path, IReadOnlyList<string> Conditions, JsonObject Content);
