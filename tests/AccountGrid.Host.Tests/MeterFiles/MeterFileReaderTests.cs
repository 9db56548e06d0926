using System.Text;
using AccountGrid.Domain;
using AccountGrid.Domain.Readings;
using AccountGrid.Host.MeterFiles;
using AccountGrid.Testing;

namespace AccountGrid.Host.Tests.MeterFiles;

/// <summary>What each format of meter data comes to, and what is said of what is wrong in it.</summary>
public sealed class MeterFileReaderTests
{
    private const string Day48 = "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1";
    private const string Block = "<IntervalBlocks><IntervalReadings><timeStamp>2026-03-01T01:00:00Z</timeStamp><value>1</value></IntervalReadings>"
        + "<ReadingType ref=\"0.0.7.4.1.2.12.0.0.0.0.0.0.0.0.3.72.0\"/></IntervalBlocks>";

    private const string EspiHead = "<feed xmlns=\"http://www.w3.org/2005/Atom\"><entry><link rel=\"self\" href=\"UsagePoint/P1/MeterReading/1\"/>"
        + "<link rel=\"related\" href=\"ReadingType/1\"/></entry><entry><link rel=\"self\" href=\"ReadingType/1\"/><content><ReadingType><uom>72</uom>"
        + "<powerOfTenMultiplier>0</powerOfTenMultiplier></ReadingType></content></entry><entry>"
        + "<link rel=\"up\" href=\"UsagePoint/P1/MeterReading/1/IntervalBlock\"/>"
        + "<content><IntervalBlock>";

    private const string EspiTail = "</IntervalBlock></content></entry></feed>";

    public static TheoryData<string, string, string> Formats => new()
    {
        { "intervals", DayOfData.Intervals("M"), "{}" }, { "csv", DayOfData.Csv("M"), DayOfData.CsvMapping },
        { "csv", DayOfData.Wide("M"), DayOfData.WideMapping },
        { "nem12", DayOfData.Nem12("M"), "{}" }, { "meter-readings", DayOfData.Cim("M"), "{}" }, { "espi", DayOfData.Espi("M"), "{}" },
    };

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_day_of_half_hours_is_the_same_in_each_format(string format, string text, string mapping)
    {
        var content = Read(text, mapping);
        Assert.Empty(content.Errors);
        Assert.Equal(format, content.Format);
        var plan = IntervalPlan.Of(Assert.Single(content.Intervals));
        Assert.Equal(("M", RegisterKind.Import), (plan.Meter, plan.Register));
        Assert.Equal(Enumerable.Range(0, DayOfData.Count).Select(i => (DayOfData.End(i).ToUnixTimeMilliseconds(), DayOfData.Wh(i) * 1000)),
            plan.Intervals.Select(i => (i.EndMs, i.MilliWh)));
        Assert.All(plan.Intervals, i => Assert.True(format == "intervals" || i.LengthMs == DayOfData.StepMs));
        Assert.All(plan.Intervals, i => Assert.Equal(ReadingQuality.None, i.Quality));
    }

    [Fact]
    public void Telegrams_are_registers_at_their_time_and_export_is_their_sum()
    {
        var content = Read(DayOfData.P1("M"), """{"zone":"Etc/GMT-10"}""");
        Assert.Empty(content.Errors);
        var rate = content.Registers.Single(r => r.Register == RegisterKind.ImportRate1);
        Assert.Equal(Enumerable.Range(1, DayOfData.Count).Select(i => (DayOfData.RegisterWh(i) - 400_000) * 1000), rate.Points.Select(p => p.MilliWh));
        Assert.Equal(DayOfData.End(0).ToUnixTimeMilliseconds(), rate.Points[0].TimeMs);
        Assert.Contains(content.Registers, r => r.Register == RegisterKind.Export && r.Points.TrueForAll(p => p.MilliWh == 0));

        // Line ends that a log has changed are no fault of the meter.
        Assert.Empty(Read(DayOfData.P1("M").ReplaceLineEndings("\n"), "{}").Errors);
        var summer = Read(DayOfData.Telegram("M", "260701120000S", 500_000), """{"p1Registers":"total"}""");
        Assert.Equal(new RegisterPoint(new DateTimeOffset(2026, 7, 1, 10, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(), 500_000_000, 1, default),
            Assert.Single(summer.Registers.Single(r => r.Register == RegisterKind.Import).Points));
    }

    [Fact]
    public void Nem12_has_qualities_by_range_and_no_value_where_there_is_no_data()
    {
        var content = Read($"100,NEM12,1,A,B\n200,N1,E1,,E1,,S,Wh,30,\n300,20260301,{Day48},V,,,1,\n400,1,10,A,,\n"
            + "400,11,20,S14,76,\n400,21,40,F16,1,\n400,41,48,N,,\n900\n");
        Assert.Empty(content.Errors);
        var rows = Assert.Single(content.Intervals).Intervals;
        Assert.Equal([(ReadingQuality.None, 10), (ReadingQuality.Estimated, 10), (ReadingQuality.Edited, 20)],
            rows.GroupBy(r => r.Quality).Select(g => (g.Key, g.Count())));
        Assert.Equal(new DateTimeOffset(2026, 2, 28, 14, 30, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(), rows[0].EndMs);
        Assert.Equal(8, content.Passed["intervals without data (quality N)"]);
    }

    [Fact]
    public void Channels_of_nem12_are_registers_or_meters_as_the_mapping_says()
    {
        var text = "100,NEM12,1,A,B\n" + string.Concat(
            new[] { "E1", "E2", "B1", "B2", "K1" }.Select(s => $"200,N1,X,,{s},,S,Wh,30,\n300,20260301,{Day48},A,,,1,\n")) + "900\n";
        Assert.Equal(["NMI suffix", "NMI suffix"], Read(text).Errors.Select(e => e.Field));
        var content = Read(text, """{"meters":{"N1":"A","N1/E2":"B"},"channels":{"B2":"skip"}}""");
        Assert.Empty(content.Errors);
        Assert.Equal([("A", RegisterKind.Import), ("A", RegisterKind.Export), ("B", RegisterKind.Import)],
            content.Intervals.Select(i => (i.Meter, i.Register)).Order());
        Assert.Equal(["channel B2, by the mapping", "channel K1: no active energy"], content.Passed.Keys);
    }

    [Fact]
    public void Nem13_has_two_reads_of_a_register()
    {
        const string Text = "100,NEM13,202601101030,A,B\n"
            + "250,N1,11,1,11,11,S1,E,000500.5,20251005093055,A,,,000812.7,20260107100333,S52,,,312.2,kWh,20260407,1,2\n900\n";
        Assert.Equal("NMI suffix", Assert.Single(Read(Text).Errors).Field);
        var content = Read(Text, """{"channels":{"11":"1.8.0"}}""");
        Assert.Empty(content.Errors);
        Assert.Equal([(500_500_000L, ReadingQuality.None), (812_700_000L, ReadingQuality.Estimated)],
            Assert.Single(content.Registers).Points.Select(p => (p.MilliWh, p.Quality)));
        Assert.Equal("quantity", Assert.Single(Read(Text.Replace("312.2", "312.3", StringComparison.Ordinal), """{"channels":{"11":"1.8.0"}}""").Errors).Field);
        Assert.Equal("direction indicator", Assert.Single(Read(Text, """{"channels":{"11":"2.8.0"}}""").Errors).Field);
    }

    [Theory]
    [InlineData("1.0.0", ReadingQuality.None)]
    [InlineData("5.4.260", ReadingQuality.None)]
    [InlineData("1.8.0", ReadingQuality.Estimated)]
    [InlineData("3.5.1", ReadingQuality.Questionable)]
    [InlineData("1.7.0", ReadingQuality.Edited)]
    public void Quality_codes_of_cim_are_doubt_or_not(string code, ReadingQuality quality)
    {
        var text = Cim(Block.Replace("<value>", $"<ReadingQualities><ReadingQualityType ref=\"{code}\"/></ReadingQualities><value>", StringComparison.Ordinal));
        Assert.Equal(quality, Assert.Single(Assert.Single(Read(text).Intervals).Intervals).Quality);
    }

    [Theory]
    [InlineData("2026-10-25 02:30", "refuse", "happens twice in Europe/Berlin")]
    [InlineData("2026-03-29 02:30", "inOrder", "whose clocks skip it")]
    [InlineData("2026-10-25T02:30", "refuse", "a time written as yyyy-MM-dd HH:mm")]
    public void A_local_time_that_is_none_or_two_is_refused(string time, string repeated, string says)
    {
        var content = Read($"t,v\n2026-10-24 02:30,1\n{time},1\n", LocalCsv("register", repeated));
        Assert.Contains(says, Assert.Single(content.Errors).ToString(), StringComparison.Ordinal);
        Assert.Single(Assert.Single(content.Registers).Points);
    }

    [Fact]
    public void A_repeated_hour_may_be_told_by_its_order_and_midnight_may_be_the_end_of_its_day()
    {
        var content = Read("t,v\n2026-10-25 01:30,1\n2026-10-25 02:00,2\n2026-10-25 02:30,3\n2026-10-25 02:00,4\n"
            + "2026-10-25 02:30,5\n2026-10-25 03:00,6\n2026-10-25 24:00,7\n",
            LocalCsv("register", "inOrder"));
        Assert.Empty(content.Errors);
        Assert.Equal(["23:30", "00:00", "00:30", "01:00", "01:30", "02:00", "23:00"],
            Assert.Single(content.Registers).Points.Select(p => $"{Instants.ToInstant(p.TimeMs):HH:mm}"));
    }

    /// <summary>Rows of 02:00 to 02:59 in Berlin on the day on which the clocks go back, with one before and one behind them.</summary>
    [Theory]
    [InlineData("01:30 02:00 02:30 02:00 02:30 03:00", 0)]
    [InlineData("01:30 02:00 02:00 03:00", 0)]
    [InlineData("01:30 02:00 02:00", 0)]
    // One of them is missing: it is not known which.
    [InlineData("01:30 02:00 02:30 02:30 03:00", 3)]
    [InlineData("01:30 02:00 02:30 03:00", 2)]
    [InlineData("01:30 02:00 02:30 02:00 02:30 02:30 03:00", 5)]
    // Not rising.
    [InlineData("03:00 02:30 02:00 02:30 02:00 01:30", 4)]
    [InlineData("03:00 02:00 02:00 01:30", 2)]
    [InlineData("01:30 02:00 02:00 02:30 02:30 03:00", 4)]
    public void A_repeated_hour_is_told_by_its_order_where_each_time_is_there_twice(string times, int refused)
    {
        var rows = times.Split(' ');
        var content = Read($"t,v\n{string.Concat(rows.Select((t, i) => $"2026-10-25 {t},{i}\n"))}", LocalCsv("register", "inOrder"));
        Assert.Equal(refused, content.Refused);
        Assert.All(content.Errors, e => Assert.Equal("t", e.Field));
        var points = Assert.Single(content.Registers).Points;
        Assert.Equal(rows.Length - refused, points.Count);
        Assert.True(refused > 0 || points.Zip(points.Skip(1)).All(p => p.First.TimeMs < p.Second.TimeMs));
    }

    /// <summary>A row without a value stands for its time, and meters do not disturb each other.</summary>
    [Fact]
    public void A_missing_value_has_its_place_in_a_repeated_hour()
    {
        const string Layout = """
            {"zone":"Europe/Berlin","repeatedHour":"inOrder","csv":{"meterColumn":"m","time":["t"],"timeFormats":["yyyy-MM-dd HH:mm"],"holds":"register",
             "values":[{"column":"v"}],"qualityColumn":"q","quality":{"W":"valid","X":"missing"}}}
            """;
        var content = Read("m,t,v,q\nA,2026-10-25 01:00,1,W\nB,2026-10-25 02:00,1,W\nA,2026-10-25 02:00,,X\nA,2026-10-25 02:00,3,W\nB,2026-10-25 03:00,2,W\n"
            + "A,2026-10-25 03:00,4,W\n", Layout);
        Assert.Equal(3, Assert.Single(content.Errors).Line);
        Assert.Equal(["23:00", "01:00", "02:00"],
            content.Registers.Single(r => r.Meter == "A").Points.Select(p => $"{Instants.ToInstant(p.TimeMs):HH:mm}"));
    }

    [Theory]
    [InlineData("utf-8", true)]
    [InlineData("utf-16", true)]
    [InlineData("gb18030", false)]
    public void A_csv_is_read_in_its_encoding(string encoding, bool isMarked)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var bytes = Encoding.GetEncoding(encoding).GetBytes("表号,时间,电量\nM1,2026-03-01T00:30:00Z,1.5\n");
        var mapping = Mapping($$$"""
            {"csv":{"encoding":"{{{(isMarked ? "utf-8" : encoding)}}}","meterColumn":"表号","time":["时间"],
             "timeFormats":["rfc3339"],"holds":"energy","intervalMinutes":30,
             "values":[{"column":"电量"}]}}
            """);
        var content = Read([.. isMarked ? Encoding.GetEncoding(encoding).GetPreamble() : [], .. bytes], mapping);
        Assert.Equal(1_500_000, Assert.Single(Assert.Single(content.Intervals).Intervals).MilliWh);
        if (!isMarked)
        {
            Assert.Contains("is not utf-8", Assert.Throws<MeterFileException>(() => Read(bytes, Mapping(LocalCsv("energy", "refuse")))).Message,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Columns_of_one_register_are_added_up()
    {
        const string Layout = """
            {"csv":{"meter":"M","time":["t"],"timeFormats":["unix-s"],"holds":"register",
             "values":[{"column":"a","register":"2.8.0"},{"column":"b","register":"2.8.0"}]}}
            """;
        Assert.Equal(3_700_000, Assert.Single(Assert.Single(Read("t,a,b\n1793491200,1.2,2.5\n", Layout).Registers).Points).MilliWh);
        Assert.Equal("b", Assert.Single(Read("t,a,b\n1793491200,1.2,\n", Layout).Errors).Field);
    }

    /// <summary>A row-wise format: the other row is read.</summary>
    [Theory]
    [InlineData("M;10.03.2026;01:00;\"1,5;W", 3, "row")]
    [InlineData("M;10.03.2026;01:00;1,5", 3, "row")]
    [InlineData("M;10.03.2026;01:00;1.5;W", 3, "Bezug (kWh)")]
    [InlineData("M;10.03.2026;01:00;x;W", 3, "Bezug (kWh)")]
    [InlineData("M;10.03.2026;01:00;;W", 3, null)]
    [InlineData("M;2026-03-10;01:00;1,5;W", 3, "Tag Uhrzeit")]
    [InlineData("M;10.03.2026;25:00;1,5;W", 3, "Tag Uhrzeit")]
    [InlineData("M;10.03.2026;01:00;1,5;G", 3, "Status")]
    [InlineData("M 1;10.03.2026;01:00;1,5;W", 3, "meter")]
    [InlineData("M;10.03.2026;01:00;0,0000005;W", 3, "Bezug (kWh)")]
    public void A_wrong_row_of_a_csv_is_refused_by_field_and_spoils_no_other(string row, int line, string? field)
    {
        var content = Read($"Zähler;Tag;Uhrzeit;Bezug (kWh);Status\nM;10.03.2026;00:30;1;W\n{row}\n", DayOfData.CsvMapping);
        Assert.Equal(field is null ? [] : [(line, field)], content.Errors.Select(e => (e.Line, e.Field)));
        Assert.Single(Assert.Single(content.Intervals).Intervals);
        Assert.False(content.IsVoid);
    }

    [Theory]
    [InlineData("100,NEM12,1,A,B\n200,N,E1,,E1,,S,kWh,30,\n300,20260301,{day},A,,,1,\n", 0, "record indicator")]
    [InlineData("100,NEM12,1,A,B\n300,20260301,{day},A,,,1,\n900\n", 2, "record indicator")]
    [InlineData("100,NEM12,1,A,B\n200,N,E1,,E1,,S,kWh,20,\n900\n", 2, "interval length")]
    [InlineData("100,NEM12,1,A,B\n200,N,E1,,E1,,S,kVArh,30,\n900\n", 2, "UOM")]
    [InlineData("100,NEM12,1,A,B\n200,N,E1,,E1,,S,kWh,30,\n300,2026-03-01,{day},A,,,1,\n900\n", 3, "interval date")]
    [InlineData("100,NEM12,1,A,B\n200,N,E1,,E1,,S,kWh,30,\n300,20260301,{day},1,A,,,1,\n900\n", 3, "quality method")]
    [InlineData("100,NEM12,1,A,B\n200,N,E1,,E1,,S,kWh,15,\n300,20260301,{day},A,,,1,\n900\n", 3, "quality method")]
    [InlineData("100,NEM12,1,A,B\n200,N,E1,,E1,,S,kWh,30,\n300,20260301,{day},S,,,1,\n900\n", 3, "quality method")]
    [InlineData("100,NEM12,1,A,B\n200,N,E1,,E1,,S,kWh,30,\n300,20260301,-{day},A,,,1,\n900\n", 3, "interval value 1")]
    [InlineData("100,NEM12,1,A,B\n200,N,E1,,E1,,S,kWh,30,\n300,20260301,{day},V,,,1,\n400,1,47,A,,\n900\n", 3, "quality method")]
    [InlineData("100,NEM12,1,A,B\n200,N,E1,,E1,,S,kWh,30,\n300,20260301,{day},V,,,1,\n400,1,48,V,,\n900\n", 4, "quality method")]
    [InlineData("100,NEM12,1,A,B\n200,N,E1,,E1,,S,kWh,30,\n300,20260301,{day},V,,,1,\n400,1,20,A,,\n400,20,48,A,,\n900\n", 5, "start interval")]
    [InlineData("100,NEM12,1,A,B\n200,N,E1,,E1,,S,kWh,30,\n300,20260301,{day},A,,,1,\n400,1,49,A,,\n900\n", 4, "record indicator")]
    [InlineData("100,NEM12,1,A,B\n900\n200,N,E1,,E1,,S,kWh,30,\n900\n", 3, "record indicator")]
    [InlineData("100,NEM12,1,A,B\n700,x\n900\n", 2, "record indicator")]
    [InlineData("100,NEM13,1,A,B\n250,N,11,1,11,11,S1,E,x,20251005093055,A,,,8,20260107100333,A,,,1,kWh\n900\n", 2, "previous register read")]
    [InlineData("100,NEM13,1,A,B\n250,N,11,1,11,11,S1,E,7,2025,A,,,8,20260107100333,A,,,1,kWh\n900\n", 2, "previous register read date")]
    [InlineData("100,NEM13,1,A,B\n250,N,11,1,11,11,S1,E,7,20251005093055,A,,,8,20260107100333,Q,,,1,kWh\n900\n", 2, "current quality method")]
    [InlineData("100,NEM13,1,A,B\n250,N,11,1,11,11,S1,E,7,20251005093055,A,,,8,20260107100333,A,,,1,m3\n900\n", 2, "UOM")]
    public void A_wrong_record_of_nem_refuses_all_of_the_file(string text, int line, string field) =>
        AssertVoid(Read(text.Replace("{day}", Day48, StringComparison.Ordinal), """{"channels":{"11":"1.8.0"}}"""), line, field);

    [Theory]
    [InlineData("<value>1</value>", "<value>1,5</value>", "value")]
    [InlineData("<value>1</value>", "", "value")]
    [InlineData("<value>1</value>", "<value>1</value><ReadingQualities><ReadingQualityType ref=\"1.99.0\"/></ReadingQualities>", "ReadingQualityType")]
    [InlineData("2026-03-01T01:00:00Z", "2026-03-01T01:00:00", "timeStamp")]
    [InlineData("0.0.7.4.1.2.12.0.0.0.0.0.0.0.0.3.72.0", "0.0.7.4", "ReadingType")]
    [InlineData("<Meter><mRID>M</mRID></Meter>", "", "Meter")]
    [InlineData("MeterReading>", "Other>", "MeterReadings")]
    public void A_wrong_element_of_cim_refuses_all_of_the_file(string right, string wrong, string field) =>
        AssertVoid(Read(Cim(Block).Replace(right, wrong, StringComparison.Ordinal)), null, field);

    [Theory]
    [InlineData("<IntervalReading><timePeriod><duration>3600</duration><start>x</start></timePeriod><value>1</value></IntervalReading>", "start")]
    [InlineData("<IntervalReading><timePeriod><duration>0</duration><start>1772326800</start></timePeriod><value>1</value></IntervalReading>", "duration")]
    [InlineData("<IntervalReading><timePeriod><start>1772326800</start></timePeriod><value>1</value></IntervalReading>", "duration")]
    [InlineData("<IntervalReading><timePeriod><duration>3600</duration><start>1772326800</start></timePeriod></IntervalReading>", "value")]
    [InlineData("<IntervalReading><ReadingQuality><quality>15</quality></ReadingQuality>"
        + "<timePeriod><duration>3600</duration><start>1772326800</start></timePeriod>"
        + "<value>1</value></IntervalReading>", "quality")]
    public void A_wrong_reading_of_espi_refuses_all_of_the_file(string reading, string field) => AssertVoid(Read(EspiHead + reading + EspiTail), null, field);

    [Fact]
    public void What_a_feed_does_not_say_the_mapping_says_and_two_series_of_one_point_are_refused()
    {
        const string Reading = "<IntervalReading><timePeriod><duration>3600</duration><start>1772326800</start></timePeriod>"
            + "<value>86400</value></IntervalReading>";
        var bare = EspiHead.Replace("<link rel=\"related\" href=\"ReadingType/1\"/>", "", StringComparison.Ordinal) + Reading + EspiTail;
        AssertVoid(Read(bare), null, "ReadingType");
        var read = Assert.Single(Read(bare, """{"espi":{"powerOfTenMultiplier":-3},"meters":{"P1":"M"}}""").Intervals);
        Assert.Equal(("M", 86_400), (read.Meter, Assert.Single(read.Intervals).MilliWh));
        AssertVoid(Read(EspiHead + Reading + EspiTail, """{"espi":{"powerOfTenMultiplier":-3}}"""), null, "powerOfTenMultiplier");
        var second = "<entry><link rel=\"self\" href=\"UsagePoint/P1/MeterReading/2\"/><link rel=\"related\" href=\"ReadingType/1\"/></entry>"
            + $"<entry><link rel=\"up\" href=\"UsagePoint/P1/MeterReading/2/IntervalBlock\"/><content><IntervalBlock>{Reading}";
        AssertVoid(Read(EspiHead + Reading + EspiTail.Replace("</feed>", second + EspiTail, StringComparison.Ordinal)), null, "MeterReading");
    }

    [Theory]
    [InlineData("*kWh)\r\n1-0:1.8.2", "*m3)\r\n1-0:1.8.2", "CRC")]
    [InlineData("!", "! ", "CRC")]
    public void A_wrong_telegram_is_refused_and_spoils_no_other(string right, string wrong, string field)
    {
        var first = DayOfData.Telegram("M", "260301010000W", 500_000).Replace(right, wrong, StringComparison.Ordinal);
        first = wrong == "! " ? first[..^3] + "0\r\n" : first;
        var content = Read(first + DayOfData.Telegram("M", "260301020000W", 600_000));
        Assert.Equal(field, Assert.Single(content.Errors).Field);
        Assert.Single(content.Registers.Single(r => r.Register == RegisterKind.ImportRate1).Points);
    }

    [Fact]
    public void Xml_takes_no_document_type_nothing_from_outside_and_nothing_without_bounds()
    {
        var secret = Path.GetTempFileName();
        File.WriteAllText(secret, "17");
        foreach (var hostile in new[]
        {
            $"<!DOCTYPE x [<!ENTITY e SYSTEM \"file://{secret}\">]>{Cim(Block.Replace("<value>1<", "<value>&e;<", StringComparison.Ordinal))}",
            $"<!DOCTYPE x [<!ENTITY a \"1111111111\"><!ENTITY b \"&a;&a;&a;&a;\">]>{Cim(Block.Replace("<value>1<", "<value>&b;<", StringComparison.Ordinal))}",
            Cim(string.Concat(Enumerable.Repeat("<a>", 40)) + string.Concat(Enumerable.Repeat("</a>", 40))),
            Cim($"<a b=\"{new string('x', 100_000)}\"/>"),
            Cim(Block.Replace("<value>1<", $"<value>{new string('1', 5_000)}<", StringComparison.Ordinal)),
            Cim(Block)[..^20],
        })
        {
            Assert.Throws<MeterFileException>(() => Read(hostile, """{"format":"meter-readings"}"""));
        }

        File.Delete(secret);
    }

    /// <summary>What is kept until a meter is known is bounded.</summary>
    [Fact]
    public void A_meter_has_one_mrid_and_at_most_16_names_and_values_and_times_are_short()
    {
        string Many(int count) => string.Concat(Enumerable.Range(1, count).Select(i => $"<Names><name>a {i}</name></Names>"));
        string Named(string meter) => Cim(Block).Replace("<mRID>M</mRID>", meter, StringComparison.Ordinal);
        Assert.Equal("M1", Assert.Single(Read(Named("<mRID>M1</mRID><mRID>M2</mRID>")).Intervals).Meter);
        AssertVoid(Read(Named($"{Many(16)}<Names><name>M</name></Names>")), null, "meter");
        Assert.Equal("M", Assert.Single(Read(Named($"{Many(15)}<Names><name>M</name></Names>")).Intervals).Meter);

        var zeros = new string('0', 50);
        const string Reading = "<IntervalReading><timePeriod><duration>3600</duration><start>1772326800</start></timePeriod><value>1</value></IntervalReading>";
        Assert.Throws<MeterFileException>(() => Read(Cim(Block.Replace("<value>", $"<value>{zeros}", StringComparison.Ordinal))));
        foreach (var name in new[] { "duration", "start", "value" })
        {
            Assert.Throws<MeterFileException>(() => Read(EspiHead + Reading.Replace($"<{name}>", $"<{name}>{zeros}", StringComparison.Ordinal) + EspiTail));
        }

        // Links that say nothing of a reading are not kept.
        var links = string.Concat(Enumerable.Range(1, 40).Select(i => $"<link rel=\"related\" href=\"LocalTimeParameters/{i}\"/>"));
        var linked = (EspiHead + Reading + EspiTail).Replace("<entry>", $"<entry>{links}", StringComparison.Ordinal);
        Assert.Empty(Read(linked).Errors);
    }

    /// <summary>The database keeps no NUL, and nobody can read one.</summary>
    [Fact]
    public void A_nul_is_refused_with_its_line_and_control_characters_are_shown_by_number()
    {
        var e = Assert.Throws<MeterFileException>(() => Read("meter,interval_end_utc,kwh\nM,2026-03-01T00:00:00Z,1\nM,2026-03-01T01:00:00Z,\0\n"));
        Assert.Equal(3, e.Error.Line);
        Assert.Contains(@"'M,2026-03-01T01:00:00Z,\x00' is not text without NUL characters", e.Message, StringComparison.Ordinal);

        // An equipment identifier in hexadecimal digits.
        var named = MeterFileErrorAnswer.Of(Read(DayOfData.Telegram("M\0", "260301010000W", 500_000)).Errors[0]);
        Assert.Equal(@"M\x00", named.Value);
        Assert.DoesNotContain(named.Detail, char.IsControl);
        Assert.Equal(@"a\x1Bb c", FileError.Shown("a\u001bb\nc"));
    }

    /// <summary>Equal values of the two would be taken for repeats, and the energy of one would be lost.</summary>
    [Theory]
    [InlineData("meter,interval_end_utc,kwh\nA,2026-03-01T00:00:00Z,1\nA,2026-03-01T01:00:00Z,1\nB,2026-03-01T00:00:00Z,1\nB,2026-03-01T01:00:00Z,1\n", 2, 2)]
    [InlineData("100,NEM12,1,A,B\n200,A,E1,,E1,,S,Wh,30,\n300,20260301,{day},A,,,1,\n200,A,E1,,E2,,S,Wh,30,\n300,20260301,{day},A,,,1,\n900\n", 48, 0)]
    public void A_second_series_of_one_register_is_refused_by_name(string text, int refused, int taken)
    {
        var content = Read(text.Replace("{day}", Day48, StringComparison.Ordinal), """{"meters":{"A":"M","B":"M"},"channels":{"E2":"1.8.0"}}""");
        Assert.Equal((refused, taken), (content.Refused, content.Intervals.Sum(i => i.Intervals.Count)));
        var error = Assert.Single(content.Errors);
        Assert.Equal("meter", error.Field);
        Assert.Contains("the one of 1.8.0 of M, which A", error.Right, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(90_000, 0)]
    [InlineData(2_764_800, 0)]
    [InlineData(2_764_801, 1)]
    public void Intervals_of_green_button_are_up_to_32_days_long(int seconds, int refused)
    {
        var content = Read($"{EspiHead}<IntervalReading><timePeriod><duration>{seconds}</duration><start>1772326800</start></timePeriod><value>1</value>"
            + $"</IntervalReading>{EspiTail}");
        Assert.Equal(refused, content.Refused);
        Assert.Equal(refused == 0 ? [seconds * 1_000L] : [], content.Intervals.SelectMany(i => i.Intervals).Select(i => i.LengthMs));
    }

    /// <summary>Start and end in ms with energy in Wh.</summary>
    [Theory]
    [InlineData("0-900000:5 900000-1800000:6", "0-900000:5 900000-1800000:6")]
    [InlineData("0-900200:5 900200-900700:1 900700-1800000:6", "0-900700:6 900700-1800000:6")]
    [InlineData("100-700:1 700-900000:5", "100-900000:6")]
    [InlineData("100-700:1 900000-1800000:5", "900000-1800000:5")]
    public void Green_button_has_no_interval_of_less_than_a_second(string rows, string written)
    {
        static long Number(string text) => long.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
        var usage = rows.Split(' ').Select(r => r.Split('-', ':')).Select(
            r => new UsageRow("M", RegisterKind.Import, Number(r[0]), Number(r[1]), Number(r[2]), 0, ReadingQuality.None));
        Assert.Equal(written, string.Join(' ', EspiWriter.WholeSeconds(usage).Select(r => $"{r.StartMs}-{r.EndMs}:{r.EnergyWh}")));
    }

    [Fact]
    public void Reading_ends_where_it_is_cancelled()
    {
        var source = new MeterFileSource(() => new MemoryStream(Encoding.UTF8.GetBytes(DayOfData.Intervals("M"))));
        Assert.Throws<OperationCanceledException>(
            () => MeterFileFormats.Read(source, null, MeterFileMapping.None, cancel: new CancellationToken(canceled: true)));
    }

    [Theory]
    [InlineData("{\"csv\":{}}", "time")]
    [InlineData("{\"zona\":\"x\"}", "zona")]
    [InlineData("{\"zone\":\"Mars\"}", "zone: 'Mars'")]
    [InlineData("{\"channels\":{\"E2\":\"9.9\"}}", "channels.E2: '9.9'")]
    [InlineData("{\"csv\":{\"meter\":\"M\",\"time\":[\"t\"],\"timeFormats\":[\"dd-MM-yyyy\"],"
        + "\"holds\":\"energy\",\"values\":[{\"column\":\"v\"}]}}", "zone: ''")]
    [InlineData("{\"csv\":{\"meter\":\"M\",\"time\":[\"t\"],\"timeFormats\":[\"unix-s\"],"
        + "\"holds\":\"energy\",\"values\":[{\"column\":\"v\"}]}}", "csv.intervalMinutes: '0'")]
    public void A_wrong_mapping_is_refused_by_field(string json, string says) =>
        Assert.Contains(MeterFileMappings.Read(Encoding.UTF8.GetBytes(json)).Wrong, w => w.Contains(says, StringComparison.Ordinal));

    [Theory]
    [InlineData("files/nem12_example_actual_interval.csv", "{}", 53_328, 0)]
    [InlineData("files/nem12_example_multiple_quality.csv", "{}", 896_990, 44)]
    [InlineData("files/nem12_example_WesternPower.csv", "{}", 0, 0)]
    [InlineData("files/greenbutton_sample.xml", "{}", null, 0)]
    [InlineData("files/pge_espi_intervalblock.xml", """{"espi":{"powerOfTenMultiplier":-3}}""", 496_406, 0)]
    [InlineData("files/cim_meterreadings_tw.xml", "{}", null, 0)]
    [InlineData("files/nem13_example.csv", """{"channels":{"11":"1.8.0"}}""", null, 0)]
    [InlineData("files/homewizard_nl_registers_15min.csv", """
        {"zone":"Europe/Amsterdam","csv":{"meter":"M","time":["time"],"timeFormats":["yyyy-MM-dd HH:mm"],"holds":"register",
         "values":[{"column":"Import T1 kWh"},{"column":"Import T2 kWh"}]}}
        """, null, 0)]
    public void Real_files_are_read_whole(string name, string mapping, int? wh, int inDoubt)
    {
        var path = SharedCases.Find(name);
        Assert.SkipWhen(path is null, SharedCases.Missing);
        var content = MeterFileFormats.Read(MeterFileSource.OfFile(path), null, Mapping(mapping));
        Assert.Empty(content.Errors);
        Assert.True(content.Values > 0);
        var rows = content.Intervals.Where(i => i.Register == RegisterKind.Import).SelectMany(i => IntervalPlan.Of(i).Intervals).ToList();
        Assert.Equal(wh ?? rows.Sum(r => r.MilliWh) / 1000, rows.Sum(r => r.MilliWh) / 1000);
        Assert.True(inDoubt == 0 || rows.Exists(r => r.Quality == ReadingQuality.Estimated));
    }

    private static void AssertVoid(MeterFileContent content, int? line, string field)
    {
        Assert.Contains(field, content.Errors.Select(e => e.Field));
        Assert.True(content.IsVoid);
        Assert.Empty(content.Intervals);
        Assert.Empty(content.Registers);
        if (line is > 0)
        {
            Assert.Equal(line, content.Errors[0].Line);
        }
    }

    private static string Cim(string blocks) => $"<MeterReadings><MeterReading>{blocks}<Meter><mRID>M</mRID></Meter></MeterReading></MeterReadings>";

    private static string LocalCsv(string holds, string repeated) => $$$"""
        {"zone":"Europe/Berlin","repeatedHour":"{{{repeated}}}","csv":{"meter":"M","time":["t"],"timeFormats":["yyyy-MM-dd HH:mm"],
         "holds":"{{{holds}}}","intervalMinutes":30,
         "values":[{"column":"v"}]}}
        """;

    private static MeterFileContent Read(string text, string mapping = "{}") => Read(Encoding.UTF8.GetBytes(text), Mapping(mapping));

    private static MeterFileContent Read(byte[] bytes, MeterFileMapping mapping) =>
        MeterFileFormats.Read(new MeterFileSource(() => new MemoryStream(bytes)), null, mapping);

    private static MeterFileMapping Mapping(string json)
    {
        var (mapping, wrong) = MeterFileMappings.Read(Encoding.UTF8.GetBytes(json));
        Assert.Empty(wrong);
        return mapping!;
    }
}
