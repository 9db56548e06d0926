using System.Globalization;
using System.Text;

namespace AccountGrid.Host.Tests.MeterFiles;

/// <summary>One made-up day of a meter in half hours, as each format writes it. The register begins at 1,000 kWh.</summary>
internal static class DayOfData
{
    public const int Count = 48;
    public const long StartWh = 1_000_000;
    public const int StepMs = 30 * 60 * 1000;

    /// <summary>Midnight of UTC+10.</summary>
    public static readonly DateTimeOffset Start = new(2026, 3, 10, 0, 0, 0, TimeSpan.FromHours(10));

    /// <summary>Whole Wh of each half hour: some night, a morning, an evening.</summary>
    public static long Wh(int i) => 40 + (i * 37 % 211) + (i is > 13 and < 18 ? 900 : 0) + (i is > 35 and < 44 ? 1_700 : 0);

    public static long Sum => Enumerable.Range(0, Count).Sum(Wh);

    public static long RegisterWh(int after) => StartWh + Enumerable.Range(0, after).Sum(Wh);

    public static DateTimeOffset End(int i) => Start.AddMilliseconds((i + 1L) * StepMs);

    public static string Ndjson(string meter) => string.Concat(Enumerable.Range(0, Count).Select(
        i => $"{{\"meter\":\"{meter}\",\"ts\":{End(i).ToUnixTimeMilliseconds()},\"value\":{RegisterWh(i + 1)}}}\n"));

    public static string Intervals(string meter) => "meter,interval_end_utc,kwh\n" + string.Concat(Enumerable.Range(0, Count).Select(
        i => $"{meter},{End(i).UtcDateTime:yyyy-MM-ddTHH:mm:ssZ},{Kwh(Wh(i))}\n"));

    /// <summary>Semicolons, a decimal comma, day first, local starts, newest first.</summary>
    public static string Csv(string meter) => "Zähler;Tag;Uhrzeit;Bezug (kWh);Status\n" + string.Concat(Enumerable.Range(0, Count).Reverse().Select(
        i => $"{meter};{End(i).AddMinutes(-30):dd.MM.yyyy};{End(i).AddMinutes(-30):HH:mm};\"{Kwh(Wh(i)).Replace('.', ',')}\";W\n"));

    public const string CsvMapping = """
        {"zone":"Etc/GMT-10","csv":{"delimiter":";","decimalSign":",","meterColumn":"Zähler","time":["Tag","Uhrzeit"],"timeFormats":["dd.MM.yyyy HH:mm"],
         "stamps":"start","intervalMinutes":30,"holds":"energy","values":[{"column":"Bezug (kWh)"}],"qualityColumn":"Status","quality":{"W":"valid"}}}
        """;

    public static string Wide(string meter) => $"id,day,{string.Join(',', Enumerable.Range(1, Count).Select(i => $"v{i}"))}\n"
        + $"{meter},2026-03-10,{string.Join(',', Enumerable.Range(0, Count).Select(Wh))}\n";

    public const string WideMapping = """
        {"zone":"Etc/GMT-10","csv":{"meterColumn":"id","time":["day"],"timeFormats":["yyyy-MM-dd"],"holds":"energy","unit":"Wh",
         "day":{"first":"v1","count":48}}}
        """;

    public static string Nem12(string meter) =>
        $"100,NEM12,202603110100,MDP1,RET1\n200,{meter},E1Q1,1,E1,N1,SER1,kWh,30,\n"
            + $"300,20260310,{string.Join(',', Enumerable.Range(0, Count).Select(i => Kwh(Wh(i))))},A,,,20260311010000,\n"
            + $"200,{meter},E1Q1,2,Q1,N1,SER1,kVArh,30,\n300,20260310,{string.Join(',', Enumerable.Repeat("1", Count))},A,,,20260311010000,\n900\n";

    public static string Cim(string meter) => $"""
        <?xml version="1.0" encoding="UTF-8"?>
        <EventMessage xmlns="http://iec.ch/TC57/2011/schema/message"><Header><Verb>created</Verb></Header><Payload>
        <m:MeterReadings xmlns:m="http://iec.ch/TC57/2011/MeterReadings#"><m:MeterReading>
        <m:IntervalBlocks>{string.Concat(Enumerable.Range(0, Count).Select(i => $"""
        <m:IntervalReadings><m:timeStamp>{End(i):yyyy-MM-ddTHH:mm:ss.fffzzz}</m:timeStamp><m:value>{Kwh(Wh(i))}</m:value><m:ReadingQualities>
        <m:ReadingQualityType ref="1.0.0"/></m:ReadingQualities></m:IntervalReadings>
        """))}<m:ReadingType ref="0.0.5.4.1.2.12.0.0.0.0.0.0.0.0.3.72.0"/></m:IntervalBlocks>
        <m:Meter><m:mRID>{meter}</m:mRID></m:Meter></m:MeterReading></m:MeterReadings></Payload></EventMessage>
        """;

    /// <summary>The ReadingType stands behind the block.</summary>
    public static string Espi(string meter) => $"""
        <feed xmlns="http://www.w3.org/2005/Atom"><entry><link rel="self" href="/espi/1_1/resource/UsagePoint/{meter}/MeterReading/7/IntervalBlock/1"/>
        <content><IntervalBlock xmlns="http://naesb.org/espi"><interval><duration>86400</duration><start>{Start.ToUnixTimeSeconds()}</start></interval>
        {string.Concat(Enumerable.Range(0, Count).Select(i => $"""
        <IntervalReading><ReadingQuality><quality>17</quality></ReadingQuality><timePeriod><duration>1800</duration>
        <start>{End(i).AddMinutes(-30).ToUnixTimeSeconds()}</start></timePeriod><value>{Wh(i)}000</value></IntervalReading>
        """))}</IntervalBlock></content></entry>
        <entry><link rel="self" href="/espi/1_1/resource/UsagePoint/{meter}/MeterReading/7"/><link rel="related" href="/espi/1_1/resource/ReadingType/3"/>
        <content><MeterReading xmlns="http://naesb.org/espi"/></content></entry>
        <entry><link rel="self" href="/espi/1_1/resource/ReadingType/3"/><content><ReadingType xmlns="http://naesb.org/espi">
        <accumulationBehaviour>4</accumulationBehaviour><commodity>1</commodity><flowDirection>1</flowDirection><kind>12</kind>
        <powerOfTenMultiplier>-3</powerOfTenMultiplier><uom>72</uom></ReadingType></content></entry></feed>
        """;

    /// <summary>A telegram each half hour; times of a zone of UTC+10 in winter.</summary>
    public static string P1(string meter) => string.Concat(
        Enumerable.Range(0, Count).Select(i => Telegram(meter, $"{End(i):yyMMddHHmmss}W", RegisterWh(i + 1))));

    public static string Telegram(string meter, string time, long wh)
    {
        var text = $"/MUP5 made up\r\n\r\n1-3:0.2.8(50)\r\n0-0:1.0.0({time})\r\n0-0:96.1.1({Convert.ToHexString(Encoding.ASCII.GetBytes(meter))})\r\n"
            + $"1-0:1.8.1({(wh - 400_000) / 1000m:000000.000}*kWh)\r\n1-0:1.8.2({400_000 / 1000m:000000.000}*kWh)\r\n1-0:2.8.1(000000.000*kWh)\r\n!";
        return $"{text}{Crc(text):X4}\r\n";
    }

    /// <summary>CRC-16/ARC, bit by bit from the definition.</summary>
    private static int Crc(string text)
    {
        var sum = 0;
        foreach (var b in Encoding.ASCII.GetBytes(text))
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var isOdd = ((sum ^ (b >> bit)) & 1) == 1;
                sum = (sum >> 1) ^ (isOdd ? 0xA001 : 0);
            }
        }

        return sum;
    }

    private static string Kwh(long wh) => (wh / 1000m).ToString(CultureInfo.InvariantCulture);
}
