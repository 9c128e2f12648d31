namespace Aspire.Hosting.Page;

internal sealed record ResourcePageOptions(bool Enabled);
