using AccountGrid.Host.Database;

namespace AccountGrid.Host.Tests.Database;

public sealed class PostgresPackageTests
{
    [Theory]
    [InlineData("exit 0", null)]
    [InlineData("[ \"$1\" = install ]", null)]
    [InlineData("echo 'E: Unable to locate package postgresql' >&2; [ \"$1\" = update ]",
        "The postgresql package could not be installed: E: Unable to locate package postgresql. ")]
    [InlineData("[ \"$1\" = update ] && echo 'E: The list cannot be fetched.'; exit 100",
        "The postgresql package could not be installed: E: The list cannot be fetched. ")]
    [InlineData("exit 100", "The postgresql package could not be installed: apt-get gave no reason. ")]
    public async Task An_installation_that_fails_names_the_reason(string script, string? problem)
    {
        var folder = Directory.CreateTempSubdirectory("accountgrid-apt-").FullName;
        try
        {
            var aptGet = Path.Combine(folder, "apt-get");
            await File.WriteAllTextAsync(aptGet, $"#!/bin/sh\n{script}\n", TestContext.Current.CancellationToken);
            File.SetUnixFileMode(aptGet, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            var thrown = await Record.ExceptionAsync(() => PostgresPackage.RunAsync(aptGet));
            Assert.Equal(problem is null ? null : problem + "Install PostgreSQL 15 or later, or set ConnectionStrings__AccountGrid.", thrown?.Message);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
