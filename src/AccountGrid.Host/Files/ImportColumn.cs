namespace AccountGrid.Host.Files;

/// <param name="Name">Its name in the header.</param>
/// <param name="Needed">Whether every file of the kind has it.</param>
/// <param name="Holds">What a field of it may be, for people.</param>
internal sealed record ImportColumn(string Name, bool Needed, string Holds);
