namespace AccountGrid.Host.Database;

/// <summary>Installs the distribution's PostgreSQL, for a start as root on a machine that has none.</summary>
internal static class PostgresPackage
{
    private const string AptGet = "/usr/bin/apt-get";

    /// <summary>
    /// Installs the package <c>postgresql</c> without the server that it would start. Does nothing to one that is installed. Throws
    /// <see cref="StartException"/> with the reason.
    /// </summary>
    public static async Task InstallAsync(Action<string> say)
    {
        if (!DataFolder.IsRoot || !File.Exists(AptGet))
        {
            throw new StartException(
                "PostgreSQL 15 or later is needed: install your distribution's postgresql package, or set ConnectionStrings__AccountGrid.");
        }

        say("PostgreSQL is not installed; installing the distribution's postgresql package...");
        Directory.CreateDirectory("/etc/postgresql-common");
        if (!File.Exists("/etc/postgresql-common/createcluster.conf"))
        {
            // The package would start a server of its own, which nobody needs here.
            await File.WriteAllTextAsync("/etc/postgresql-common/createcluster.conf", "create_main_cluster = false\n");
        }

        await RunAsync(AptGet);
    }

    /// <summary>Fetches the list of packages and installs. A list that cannot be fetched is tried with what is there.</summary>
    internal static async Task RunAsync(string aptGet)
    {
        var (listed, listing) = await SystemTool.RunAsync(aptGet, ["update", "-q"]);
        var (installed, installing) = await SystemTool.RunAsync(aptGet, ["install", "-y", "-q", "--no-install-recommends", "postgresql"]);
        if (installed != 0)
        {
            var reason = listed != 0 ? LastError(listing) : LastError(installing);
            throw new StartException(
                $"The postgresql package could not be installed: {reason} Install PostgreSQL 15 or later, or set ConnectionStrings__AccountGrid.");
        }
    }

    private static string LastError(string output)
    {
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var said = lines.LastOrDefault(l => l.StartsWith("E:", StringComparison.Ordinal)) ?? lines.LastOrDefault() ?? "apt-get gave no reason";
        return said.EndsWith('.') ? said : said + ".";
    }
}
