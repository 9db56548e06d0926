namespace AccountGrid.Host.OperatorConsole;

/// <summary>A file as the body of a request of the API.</summary>
/// <param name="Type">Its content type.</param>
internal sealed record ConsoleFile(byte[] Bytes, string Type);
