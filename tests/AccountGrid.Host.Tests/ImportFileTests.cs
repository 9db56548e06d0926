using System.Text;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Files;
using AccountGrid.Host.Metering;

namespace AccountGrid.Host.Tests;

/// <summary>What is not understood in a file is refused by row or by column, and nothing of it is dropped or guessed.</summary>
public sealed class ImportFileTests : IDisposable
{
    private const string TariffHeader = "id,currency,zone,rate,price_per_kwh,from,to\n";
    private const string AccountHeader = "id,tariff,opened_on\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("import").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_decimal_comma_without_quotation_marks_refuses_its_row()
    {
        var content = Read("id,currency,zone,rate,price_per_kwh\nde-1,EUR,Europe/Berlin,flat,0,35\n");
        Assert.Empty(content.Items);
        Assert.StartsWith("row 2: import.invalid: it has 6 fields and the header 5.", Assert.Single(content.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_with_fewer_fields_than_the_header_is_refused()
    {
        var content = Read(AccountHeader + "A1,flat\nA2,flat,2026-11-01\n");
        Assert.Equal("A2", ((OpenAccountRequest)Assert.Single(content.Items).Body).Id);
        Assert.StartsWith("row 2:", Assert.Single(content.Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("id,tariff,opened_on,low_balance_level,householdsize\nA1,flat,2026-11-01,50,6\n",
        "'low_balance_level' is not known (did you mean 'low_balance_levels'?)", "'householdsize' is not known (did you mean 'household_size'?)")]
    [InlineData("id,currency,zone,rate,price_per_kwh,season_from,tax_percent\nT1,CNY,Asia/Shanghai,flat,0.5,07-01,13\n", "'season_from' is not known",
        "'tax_percent' is not known")]
    [InlineData("id,tariff,tariff\nA1,flat,flat\n", "column 'tariff' is there 2 times", "")]
    [InlineData("id,currency,rate,price_per_kwh\nT1,CNY,flat,0.5\n", "column 'zone' is missing", "")]
    [InlineData("id,price\nT1,0.5\n", "tell what the file holds", "")]
    [InlineData("", "it is empty", "")]
    [InlineData("\"id,tariff\nA1,flat\n", "a quotation mark neither encloses", "")]
    public void A_header_that_is_not_understood_refuses_the_file(string text, string says, string saysToo)
    {
        var refusal = Assert.Throws<FormatException>(() => Read(text));
        Assert.Contains(says, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(saysToo, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tp-1,CNY,Asia/Shanghai,flat,0.50,,\ntp-1,CNY,Asia/Shanghai,peak,0.80,08:00,11:00\ntp-1,CNY,Asia/Shanghai,peak,1.20,18:00,21:00\n",
        "rate 'peak' costs 0.80 in row 3 and 1.20 in row 4")]
    [InlineData("tp-1,CNY,Asia/Shanghai,flat,0.50,,\ntp-1,EUR,Asia/Shanghai,peak,0.80,08:00,11:00\n", "currency: 'CNY' in row 2 contradicts 'EUR' in row 3")]
    [InlineData("tp-1,CNY,Asia/Shanghai,flat,0.50,,\ntp-1,CNY,Asia/Tokyo,peak,0.80,08:00,11:00\n",
        "zone: 'Asia/Shanghai' in row 2 contradicts 'Asia/Tokyo' in row 3")]
    [InlineData("tp-1,CNY,Asia/Shanghai,flat,0.50,,\ntp-1,CNY,Asia/Shanghai,peak,0.80,,\n", "'flat' and 'peak' have no hours")]
    [InlineData("tp-1,CNY,Asia/Shanghai,flat,0.50,,\ntp-1,CNY,Asia/Shanghai,peak,0.80,08:00,\n", "row 3 has '08:00' and ''; both are needed")]
    [InlineData("tp-1,CNY,Asia/Shanghai,peak,0.80,08:00,11:00\n", "no rate holds outside them")]
    [InlineData("tp-1,,Asia/Shanghai,flat,0.80,,\n", "currency: it is empty")]
    public void A_tariff_whose_rows_contradict_each_other_is_refused_as_a_whole(string rows, string says)
    {
        var content = Read(TariffHeader + rows);
        Assert.Empty(content.Items);
        Assert.Contains(says, Assert.Single(content.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void The_rate_without_hours_holds_outside_the_others_in_whichever_row_it_is()
    {
        var tariff = (TariffDefinition)Assert.Single(
            Read(TariffHeader + "t,CNY,Asia/Shanghai,peak,0.80,08:00,11:00\nt,,,flat,0.50,,\nt,,,peak,0.80,18:00,21:00\n").Items).Body;
        Assert.Equal(["flat", "peak"], tariff.Rates.Select(r => r.Name));
        Assert.Equal(["08:00", "18:00"], tariff.Schedule.Select(r => r.From));
    }

    [Fact]
    public void A_version_has_a_first_day_that_is_one_in_all_its_rows()
    {
        const string Header = "id,version,currency,zone,effective_from,rate,price_per_kwh,from,to\n";
        var tariff = (TariffDefinition)Assert.Single(
            Read(Header + "t,2,CNY,Asia/Shanghai,2027-01-01,day,0.80,07:00,23:00\nt,2,,,,night,0.50,,\n").Items).Body;
        Assert.Equal((2, new DateOnly(2027, 1, 1)), (tariff.Version, tariff.EffectiveFrom));
        Assert.Contains("effective_from: '2027-01-01' in row 2 contradicts",
            Assert.Single(Read(Header + "t,2,CNY,Asia/Shanghai,2027-01-01,day,0.80,07:00,23:00\nt,2,,,2027-01-02,night,0.50,,\n").Errors),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Hours_that_make_a_whole_day_need_no_rate_outside_them()
    {
        var tariff = (TariffDefinition)Assert.Single(Read(TariffHeader + "t,CNY,Asia/Shanghai,day,0.80,07:00,23:00\nt,,,night,0.50,23:00,07:00\n").Items).Body;
        Assert.Equal(2, tariff.Schedule.Count);
    }

    [Fact]
    public void A_tariff_file_with_a_row_that_cannot_be_read_makes_no_tariff_without_it()
    {
        var content = Read(TariffHeader + "t,CNY,Asia/Shanghai,flat,0.50,,\nt,CNY,Asia/Shanghai,peak,0,80,08:00,11:00\n");
        Assert.Empty(content.Items);
        Assert.Equal(2, content.Errors.Count);
    }

    [Theory]
    [InlineData("TRUE", true)]
    [InlineData("true", true)]
    [InlineData("Y", true)]
    [InlineData("Yes", true)]
    [InlineData("1", true)]
    [InlineData("FALSE", false)]
    [InlineData("n", false)]
    [InlineData("0", false)]
    [InlineData("", false)]
    [InlineData("ja", null)]
    [InlineData("x", null)]
    public void Protected_is_read_in_every_documented_form_and_in_no_other(string text, bool? read)
    {
        var content = Read($"id,tariff,protected\nA1,flat,{text}\n");
        Assert.Equal(read, content.Items.Select(i => (bool?)((OpenAccountRequest)i.Body).Protected).SingleOrDefault());
        Assert.Equal(read is null ? [$"row 2: import.invalid: protected: '{text}' is not true, yes, y, 1 or false, no, n, 0."] : [], content.Errors);
    }

    [Theory]
    [InlineData("1200|3400", "1200 3400", null)]
    [InlineData("1200 ; 3400;0", "1200 3400 0", null)]
    [InlineData("", null, null)]
    [InlineData("1200|x", null, "row 2: import.invalid: rate_registers_wh: 'x' is not a whole number.")]
    [InlineData("1200|", null, "row 2: import.invalid: rate_registers_wh: '' is not a whole number.")]
    public void Rate_registers_are_read_one_by_one(string text, string? read, string? error)
    {
        var content = Read($"id,gateway,rate_registers_wh\nM1,G1,{text}\n");
        var registers = content.Items.Select(i => i.Body).OfType<InstallMeterRequest>().SingleOrDefault()?.RateRegistersWh;
        Assert.Equal(read, registers is null ? null : string.Join(' ', registers));
        Assert.Equal(error is null ? [] : [error], content.Errors);
    }

    [Theory]
    [InlineData("A500,flat,2026-11-01,Flat 3 26\" screen shop", "row 501:")]
    [InlineData("A500,flat,2026-11-01,\"Flat 3", "row 501:")]
    [InlineData("A500,flat,2026-11-01,\"Flat\" 3", "row 501:")]
    public void One_stray_quotation_mark_costs_its_own_row_only(string row, string place)
    {
        var rows = Enumerable.Range(1, 1_000).Select(i => i == 500 ? row : $"A{i},flat,2026-11-01,Customer {i}");
        var content = Read("id,tariff,opened_on,name\n" + string.Join('\n', rows) + "\n");
        Assert.Equal(999, content.Items.Count);
        Assert.StartsWith(place, Assert.Single(content.Errors), StringComparison.Ordinal);
        Assert.Equal("column 'name' is for people and was read past.", Assert.Single(content.Remarks));
    }

    [Fact]
    public void A_quoted_field_may_hold_the_separator_and_doubled_quotation_marks()
    {
        var content = Read("id,tariff,opened_on,note\nA1,flat,2026-11-01,\"asked \"\"Li\"\", twice\"\n");
        Assert.Empty(content.Errors);
        Assert.Single(content.Items);
    }

    [Fact]
    public void A_column_without_a_name_refuses_the_rows_that_have_something_in_it()
    {
        var content = Read("id,tariff,opened_on,,\nUN1,flat,2026-11-01,,\nUN2,flat,2026-11-01,ask Li,\n");
        Assert.Equal("UN1", ((OpenAccountRequest)Assert.Single(content.Items).Body).Id);
        Assert.StartsWith("row 3: import.invalid: column 4 has no name in the header, but this row has 'ask Li' there.", Assert.Single(content.Errors),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Text_in_another_encoding_is_refused_unless_it_is_named()
    {
        var text = TariffHeader + "g,CNY,Asia/Shanghai,平,0.50,,\ng,CNY,Asia/Shanghai,峰,1.00,08:00,12:00\ng,CNY,Asia/Shanghai,谷,0.30,23:00,07:00\n";
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var path = Path.Combine(_folder, "gbk.csv");
        File.WriteAllBytes(path, Encoding.GetEncoding("gbk").GetBytes(text));
        Assert.StartsWith("encoding: line 3 is not UTF-8.", Assert.Throws<FormatException>(() => ImportFile.Read(path)).Message, StringComparison.Ordinal);
        Assert.Contains("is not the name of an encoding", Assert.Throws<FormatException>(() => ImportFile.Read(path, "gkb")).Message, StringComparison.Ordinal);
        var tariff = (TariffDefinition)Assert.Single(ImportFile.Read(path, "gb18030").Items).Body;
        Assert.Equal(["平", "峰", "谷"], tariff.Rates.Select(r => r.Name));
    }

    [Fact]
    public void A_byte_order_mark_says_the_encoding()
    {
        foreach (var encoding in new[] { new UTF8Encoding(true), Encoding.Unicode, Encoding.BigEndianUnicode })
        {
            var path = Path.Combine(_folder, "marked.csv");
            File.WriteAllText(path, "id;tariff;low_balance_levels\nA1;flat;50|30\n", encoding);
            Assert.Equal(["50", "30"], ((OpenAccountRequest)Assert.Single(ImportFile.Read(path).Items).Body).LowBalanceLevels);
        }
    }

    [Fact]
    public void Rows_of_one_id_that_say_different_things_are_all_refused_and_the_same_twice_is_not()
    {
        var content = Read(AccountHeader + "A1,flat,2026-11-01\nA2,flat,2026-11-01\nA1,flat,2026-10-01\nA2,flat,2026-11-01\n");
        Assert.All(content.Items, i => Assert.Equal("A2", ((OpenAccountRequest)i.Body).Id));
        Assert.Equal(["row 2: import.contradiction", "row 4: import.contradiction"], content.Errors.Select(e => e[..27]));
        content = Read("""{"accounts":[{"id":"A1","tariff":"flat"},{"id":"A1","tariff":"tou"}]}""", ".json");
        Assert.Equal((0, 2), (content.Items.Count, content.Errors.Count));
    }

    [Theory]
    [InlineData("=\"00123456\"", "quotation mark")]
    [InlineData("1.23457E+11", "a spreadsheet rounded")]
    public void What_a_spreadsheet_makes_of_an_id_is_refused(string id, string says)
    {
        var content = Read(AccountHeader + $"{id},flat,2026-11-01\n");
        Assert.Empty(content.Items);
        Assert.Contains(says, Assert.Single(content.Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("01/11/2026 00:00:00Z")]
    [InlineData("2026-11-01T00:00:00")]
    [InlineData("2026-11-01")]
    public void An_instant_needs_its_offset(string at)
    {
        var content = Read($"id,gateway,installed_at\nM1,G1,{at}\n");
        Assert.Empty(content.Items);
        Assert.Contains("RFC 3339 with an offset", Assert.Single(content.Errors), StringComparison.Ordinal);
        content = Read($"{{\"meters\":[{{\"id\":\"M1\",\"gateway\":\"G1\",\"installedAt\":\"{at}\"}}]}}", ".json");
        Assert.Empty(content.Items);
        Assert.Contains("RFC 3339 with an offset", Assert.Single(content.Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"account":[{"id":"A1","tariff":"flat"}]}""", "account: import.invalid")]
    [InlineData("""{"accounts":{"id":"A1","tariff":"flat"}}""", "accounts: import.invalid")]
    [InlineData("""{"accounts":[{"id":"A1","tariff":"flat","id":"A2"}]}""", "")]
    [InlineData("""{"accounts":[null]}""", "accounts[0]: import.invalid")]
    [InlineData("{}", "the file: it has nothing to import.")]
    public void Json_that_is_not_understood_is_refused_by_name(string text, string says)
    {
        try
        {
            var content = Read(text, ".json");
            Assert.Empty(content.Items);
            Assert.StartsWith(says, Assert.Single(content.Errors), StringComparison.Ordinal);
        }
        catch (FormatException e)
        {
            Assert.Contains("is not JSON", e.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>The documents name every column, and no other.</summary>
    [Fact]
    public void The_documented_columns_are_the_ones_that_are_read()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "AccountGrid.sln")))
        {
            folder = folder.Parent;
        }

        var lines = File.ReadAllLines(Path.Combine(folder.FullName, "docs", "files.md"));
        foreach (var kind in ImportColumns.All)
        {
            var rows = lines.SkipWhile(l => l != $"### Columns of {kind.Kind}").Skip(1).TakeWhile(l => !l.StartsWith('#'))
                .Where(l => l.StartsWith("| `", StringComparison.Ordinal));
            Assert.Equal(kind.Columns.Select(c => $"| `{c.Name}` | {(c.Needed ? "yes" : "no")} | {c.Holds.Replace("|", "\\|", StringComparison.Ordinal)} |"),
                rows);
        }
    }

    private ImportContent Read(string text, string extension = ".csv")
    {
        var path = Path.Combine(_folder, $"file{extension}");
        File.WriteAllText(path, text);
        return ImportFile.Read(path);
    }
}
