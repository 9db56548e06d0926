namespace AccountGrid.Host.MeterFiles;

/// <summary>A file that was sent.</summary>
/// <param name="Gateway">Number of the gateway that sent it; 0 may send of any meter.</param>
/// <param name="SentBy">Public id of the key, or the operator.</param>
/// <param name="Name">The sender's name of it.</param>
internal sealed record NewMeterFile(byte[] Content, byte[] Hash, int Gateway, string SentBy, string? Name, string? Format, string? Mapping);
