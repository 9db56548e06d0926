using System.Globalization;
using System.Text;
using AccountGrid.Host.Database;
using AccountGrid.Host.Hosting;
using Microsoft.Extensions.Configuration;

namespace AccountGrid.Host.Tests;

/// <summary>The page of settings is made from the options classes: their comments, ranges and defaults.</summary>
public sealed class SettingsPageTests
{
    [Fact]
    public async Task The_page_of_settings_says_what_the_options_classes_say()
    {
        var page = Page();
        var file = Path.Combine(Root(), "docs", "settings.md");
        if (Environment.GetEnvironmentVariable("ACCOUNTGRID_WRITE_GOLDEN") is { Length: > 0 } folder)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "settings.md"), page, TestContext.Current.CancellationToken);
        }

        Assert.Equal(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), page);
    }

    /// <summary>Texts are shown where their class says so; a new one is hidden.</summary>
    [Fact]
    public void No_secret_is_shown()
    {
        var settings = HostSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Notices:Webhook:Url"] = "https://user:hidden@hooks.example/hidden?hidden=1",
            ["Notices:Webhook:Secret"] = "whsec_" + Convert.ToBase64String(new byte[32]),
            ["Notices:Smtp:Password"] = "hidden",
            ["Notices:Smtp:User"] = "hidden",
            ["Notices:Sms:Token"] = "hidden",
            ["Notices:Sms:Url"] = "https://sms.example/hidden",
            ["Notices:Company"] = "City Power",
            ["Notices:Phone"] = "1",
            ["Notices:Language"] = "en",
            ["Mqtt:User"] = "hidden",
            ["Mqtt:Password"] = "hidden",
            ["Security:PersonalDataKey"] = "hidden",
            ["Log:Servers:0"] = "Host=x;Password=hidden",
            ["Grid:Partitions"] = "64",
        }).Build());
        var all = new SettingsList(t => t).Of(settings).SelectMany(s => s.Settings).ToDictionary(s => s.Name);
        Assert.All(all.Values, s => Assert.DoesNotContain("hidden", s.Value, StringComparison.Ordinal));
        Assert.All(all.Values, s => Assert.DoesNotContain("whsec_", s.Value, StringComparison.Ordinal));
        Assert.Equal((SettingsList.Hidden, true), (all["Log__Servers"].Value, all["Log__Servers"].IsChanged));
        Assert.Equal(SettingsList.Hidden, all["Notices__Webhook__Url"].Value);
        Assert.Equal("City Power", all["Notices__Company"].Value);
        Assert.Equal(("64", "256", true), (all["Grid__Partitions"].Value, all["Grid__Partitions"].Default, all["Grid__Partitions"].IsChanged));
        Assert.False(all["Grid__CommitSpacingMs"].IsChanged);

        // An address that customers have, and the path of a file, are no secrets.
        string[] known = ["SurveyUrl", "CustomerPageUrl", "PasswordFile", "ClientSecretFile"];
        string[] words = ["Secret", "Password", "Token", "User", "Url", "Servers"];
        Assert.All(typeof(HostSettings).Assembly.GetTypes().SelectMany(t => t.GetProperties()).Where(p => p.IsDefined(typeof(ShownSettingAttribute), true)),
            p => Assert.False(!known.Contains(p.Name) && words.Any(w => p.Name.Contains(w, StringComparison.Ordinal)), p.Name));
    }

    /// <summary>An operator asks which broker and which address are in force.</summary>
    [Fact]
    public void Addresses_and_names_that_are_no_secrets_are_shown()
    {
        var given = new Dictionary<string, string?>
        {
            ["Mqtt:Server"] = "broker.example",
            ["Mqtt:Profiles:0"] = "thingsboard",
            ["Mqtt:Tls"] = "true",
            ["Mqtt:Zone"] = "Asia/Shanghai",
            ["Mqtt:ClientId"] = "grid-a",
            ["Mqtt:PasswordFile"] = "/run/secrets/mqtt",
            ["Mqtt:Authority"] = "ca.pem",
            ["Mqtt:Certificate"] = "a.pem",
            ["Mqtt:CertificateKey"] = "a.key",
            ["Mqtt:SparkplugHost"] = "host-a",
            ["Telemetry:MetricsAddress"] = "127.0.0.2",
            ["Telemetry:ServiceName"] = "grid-a",
            ["Notices:SurveyUrl"] = "https://power.example",
            ["Notices:CustomerPageUrl"] = "https://power.example",
        };
        string[] secret = ["Mqtt:User", "Telemetry:OtlpEndpoint"];
        var settings = HostSettings.Read(new ConfigurationBuilder()
            .AddInMemoryCollection(given.Concat(secret.Select(s => KeyValuePair.Create(s, (string?)"https://a:b@c.example")))).Build());
        var all = new SettingsList(t => t).Of(settings).SelectMany(s => s.Settings).ToDictionary(s => s.Name, s => s.Value);
        Assert.All(given, g => Assert.Equal(g.Value, all[g.Key.Replace(":0", "", StringComparison.Ordinal).Replace(":", "__", StringComparison.Ordinal)]));
        Assert.All(secret, s => Assert.Equal(SettingsList.Hidden, all[s.Replace(":", "__", StringComparison.Ordinal)]));
    }

    private static string Page()
    {
        var page = new StringBuilder();
        page.Append(
            "# Settings\n\nEnvironment variables, or arguments such as `--Grid:Partitions=64`. A setting that is unknown, cannot be read or is out of its "
                + "range stops the start with one line. ");
        page.Append(
            "This page is made from the options classes by a test.\n\n`ConnectionStrings__AccountGrid` is the database; without it the process starts a "
                + "private server in its data folder.\n");
        foreach (var section in new SettingsList(t => $"`{t}`").Of(null))
        {
            page.Append(CultureInfo.InvariantCulture,
                $"\n## {section.Name}\n\n{section.Text}\n\n| setting | default | range | what it is |\n|---|---|---|---|\n");
            foreach (var setting in section.Settings)
            {
                Assert.True(setting.Text.Length > 0, $"{setting.Name} has no comment.");
                page.Append(CultureInfo.InvariantCulture,
                    $"| `{setting.Name}` | {setting.Default} | {setting.Range} | {setting.Text.Replace("|", "\\|", StringComparison.Ordinal)} |\n");
            }
        }

        return page.ToString();
    }

    private static string Root()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "AccountGrid.sln")))
        {
            root = root.Parent;
        }

        return root?.FullName ?? throw new InvalidOperationException("The tests do not lie in their checkout.");
    }
}
