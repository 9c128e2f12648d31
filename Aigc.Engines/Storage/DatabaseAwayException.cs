namespace Aigc.Engines.Storage;

/// <summary>The database can't be used now. The message names the part of <c>ConnectionStrings:database</c> and the remedy; never the password.</summary>
public sealed class DatabaseAwayException(string message, Exception inner) : Exception(message, inner);
