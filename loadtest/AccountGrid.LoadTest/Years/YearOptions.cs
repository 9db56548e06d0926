namespace AccountGrid.LoadTest.Years;

/// <param name="Days">Length; a whole year is 365.</param>
/// <param name="Data">Folder of the database; null is a temporary one.</param>
/// <param name="History">Number of an account whose history is shown in the end; null is none.</param>
internal sealed record YearOptions(int Accounts, int Seed, int Days, string? Data, int? History = null);
