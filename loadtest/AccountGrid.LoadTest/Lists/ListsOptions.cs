namespace AccountGrid.LoadTest.Lists;

/// <param name="Accounts">Accounts, each with a meter and a customer of its own.</param>
/// <param name="Areas">Areas without others below them; a tenth as many districts and one root stand above them.</param>
/// <param name="Requests">Requests of each kind, one after the other.</param>
/// <param name="Data">Folder of the database's files, kept; null is a temporary one.</param>
internal sealed record ListsOptions(int Accounts, int Areas, int Requests, string? Data);
