//! Sets that files of annotations or lists describe.

use parquet::basic::Compression;

use super::super::lists::tables_for_tests::{Column, write};
use super::*;

/// LabelMe draws a dent, or nothing.
const LABELME_DENT: Content = Said(
    r#"{"shapes": [{"label": "dent", "points": [[1, 1], [5, 1], [5, 4]], "shape_type": "polygon"},
    {"label": "dent", "points": [[8, 8], [10, 11]], "shape_type": "rectangle"}],
    "imageHeight": 12, "imageWidth": 12}"#,
);
const LABELME_NOTHING: Content = Said(r#"{"shapes": [], "imageHeight": 12, "imageWidth": 12}"#);

/// Pascal VOC has a box around a dent, or none.
const VOC_DENT: Content = Said(
    "<annotation><size><width>12</width><height>12</height></size><object><name>dent</name>\
    <bndbox><xmin>2</xmin><ymin>2</ymin><xmax>4</xmax><ymax>3</ymax></bndbox></object></annotation>",
);
const VOC_NOTHING: Content =
    Said("<annotation><size><width>12</width><height>12</height></size></annotation>");

const YOLO_DENT: Content = Said("0 0.1 0.1 0.5 0.1 0.5 0.5\n");
const YOLO_NOTHING: Content = Said("");

const COCO_TRAIN: Content = Said(
    r#"{"images": [{"id": 0, "file_name": "0.jpg", "width": 12, "height": 12},
        {"id": 1, "file_name": "1.jpg", "width": 12, "height": 12},
        {"id": 2, "file_name": "2.jpg", "width": 12, "height": 12}],
    "annotations": [], "categories": [{"id": 5, "name": "dent"}]}"#,
);
const COCO_TEST: Content = Said(
    r#"{"images": [{"id": 0, "file_name": "10.jpg", "width": 12, "height": 12},
        {"id": 1, "file_name": "20.jpg", "width": 12, "height": 12},
        {"id": 2, "file_name": "21.jpg", "width": 12, "height": 12}],
    "annotations": [
        {"image_id": 1, "category_id": 5, "segmentation": [[1, 1, 5, 1, 5, 4]]},
        {"image_id": 2, "category_id": 5, "segmentation": {"counts": [13, 3, 128], "size": [12, 12]}}],
    "categories": [{"id": 5, "name": "dent"}]}"#,
);

const DATUMARO: Content = Said(
    r#"{"categories": {"label": {"labels": [{"name": "Normal"}, {"name": "Anomalous"}]}}, "items": [
    {"id": "0", "image": {"path": "0.jpg"}, "annotations": [{"type": "label", "label_id": 0}]},
    {"id": "1", "image": {"path": "1.jpg"}, "annotations": [{"type": "label", "label_id": 0}]},
    {"id": "2", "image": {"path": "2.jpg"}, "annotations": [{"type": "label", "label_id": 1}]},
    {"id": "3", "image": {"path": "3.jpg", "size": [12, 12]},
        "annotations": [{"type": "bbox", "label_id": 1, "bbox": [1, 1, 4, 4]}]},
    {"id": "4", "image": {"path": "4.jpg"}, "annotations": []}]}"#,
);

const VISA_LIST: Content = Said(
    "object,split,label,image,mask\n\
    candle,train,normal,candle/Data/Images/Normal/0.JPG,\n\
    candle,train,normal,candle/Data/Images/Normal/1.JPG,\n\
    candle,test,normal,candle/Data/Images/Normal/2.JPG,\n\
    candle,test,anomaly,candle/Data/Images/Anomaly/0.JPG,candle/Data/Masks/Anomaly/0.png\n\
    candle,test,anomaly,candle/Data/Images/Anomaly/1.JPG,candle/Data/Masks/Anomaly/1.png\n",
);

/// One that is defective is listed among the training images, as in the noisy variants of the set.
const REAL_IAD_LIST: Content = Said(
    r#"{"meta": {"normal_class": "OK"},
    "train": [
        {"category": "bolt", "anomaly_class": "OK", "image_path": "OK/S0001/0_C1.jpg", "mask_path": null},
        {"category": "bolt", "anomaly_class": "OK", "image_path": "OK/S0001/1_C1.jpg", "mask_path": null},
        {"category": "bolt", "anomaly_class": "AK", "image_path": "NG/AK/S0001/0_C1.jpg",
            "mask_path": "NG/AK/S0001/0_C1_mask.png"}],
    "test": [
        {"category": "bolt", "anomaly_class": "OK", "image_path": "OK/S0001/2_C1.jpg", "mask_path": null},
        {"category": "bolt", "anomaly_class": "AK", "image_path": "NG/AK/S0001/1_C1.jpg",
            "mask_path": "NG/AK/S0001/1_C1_mask.png"}]}"#,
);

const CSV_LIST: Content = Said(
    "file,label,split,mask\n\
    images/0.png,OK,train,\n\
    images/1.png,OK,train,\n\
    images/2.png,OK,test,\n\
    images/3.png,scratch,test,drawn/3.png\n\
    images/4.png,scratch,test,\n\
    images/5.png,,test,\n\
    images/9.png,OK,train,\n",
);

const TABULAR_CSV: Content = Said(
    "image_path,label_index,mask_path,split\n\
    images/0.png,0,,train\n\
    images/1.png,0,,train\n\
    images/2.png,0,,test\n\
    images/3.png,1,drawn/3.png,test\n\
    images/4.png,1,drawn/4.png,test\n",
);
const TABULAR_PARQUET: Content = Written(|path| {
    let images = [0, 1, 2, 3, 4].map(|number| format!("images/{number}.png"));
    let columns = [
        (
            "image_path",
            Column::Texts(&images.each_ref().map(String::as_str)),
        ),
        ("label_index", Column::Numbers(&[0, 0, 0, 1, 1])),
        (
            "mask_path",
            Column::Texts(&["", "", "", "drawn/3.png", "drawn/4.png"]),
        ),
        (
            "split",
            Column::Texts(&["train", "train", "test", "test", "test"]),
        ),
    ];
    write(path, &columns, Compression::SNAPPY);
});

const LAYOUTS: &[Row] = &[
    (
        "LabelMe",
        &[
            ("{}.jpg", 6, Photo),
            ("{}.json", 6, LABELME_NOTHING),
            ("1{}.jpg", 4, Photo),
            ("1{}.json", 4, LABELME_DENT),
            ("2{}.jpg", 2, Photo),
        ],
        (6, 0, 4, 2, 4, 0),
        &["dent"],
    ),
    (
        "YOLO",
        &[
            ("images/train/{}.jpg", 6, Photo),
            ("images/test/1{}.jpg", 2, Photo),
            ("labels/test/1{}.txt", 2, YOLO_NOTHING),
            ("images/test/2{}.jpg", 4, Photo),
            ("labels/test/2{}.txt", 4, YOLO_DENT),
            ("data.yaml", 1, Said("names: ['dent']")),
        ],
        (6, 2, 4, 0, 4, 0),
        &["dent"],
    ),
    (
        "COCO",
        &[
            ("train/{}.jpg", 3, Photo),
            ("test/1{}.jpg", 1, Photo),
            ("test/2{}.jpg", 2, Photo),
            ("test/3{}.jpg", 1, Photo),
            ("annotations/instances_train.json", 1, COCO_TRAIN),
            ("annotations/instances_test.json", 1, COCO_TEST),
        ],
        (3, 1, 2, 1, 2, 0),
        &["dent"],
    ),
    (
        "Pascal VOC",
        &[
            ("JPEGImages/{}.jpg", 6, Photo),
            ("Annotations/{}.xml", 6, VOC_NOTHING),
            ("JPEGImages/1{}.jpg", 4, Photo),
            ("Annotations/1{}.xml", 4, VOC_DENT),
            ("JPEGImages/2{}.jpg", 1, Photo),
        ],
        (6, 0, 4, 1, 4, 0),
        &["dent"],
    ),
    (
        "Datumaro",
        &[
            ("images/default/{}.jpg", 5, Photo),
            ("annotations/default.json", 1, DATUMARO),
        ],
        (2, 0, 2, 1, 1, 0),
        &["Anomalous"],
    ),
    (
        "VisA with its list",
        &[
            ("candle/Data/Images/Normal/{}.JPG", 3, Photo),
            ("candle/Data/Images/Anomaly/{}.JPG", 2, Photo),
            ("candle/Data/Masks/Anomaly/{}.png", 2, Blob),
            ("split_csv/1cls.csv", 1, VISA_LIST),
        ],
        (2, 1, 2, 0, 2, 0),
        &["anomaly"],
    ),
    (
        "Real-IAD with its list",
        &[
            ("OK/S0001/{}_C1.jpg", 3, Photo),
            ("NG/AK/S0001/{}_C1.jpg", 2, Photo),
            ("NG/AK/S0001/{}_C1_mask.png", 2, Blob),
            ("bolt.json", 1, REAL_IAD_LIST),
        ],
        (2, 1, 1, 0, 1, 1),
        &["AK"],
    ),
    (
        "a list in CSV",
        &[
            ("images/{}.png", 7, Photo),
            ("drawn/3.png", 1, Blob),
            ("list.csv", 1, CSV_LIST),
        ],
        (2, 1, 2, 1, 1, 2),
        &["scratch"],
    ),
    (
        "anomalib's Tabular in CSV",
        &[
            ("images/{}.png", 5, Photo),
            ("drawn/3.png", 1, Blob),
            ("drawn/4.png", 1, Blob),
            ("samples.csv", 1, TABULAR_CSV),
        ],
        (2, 1, 2, 0, 2, 0),
        &["defect"],
    ),
    (
        "anomalib's Tabular in Parquet",
        &[
            ("images/{}.png", 5, Photo),
            ("drawn/3.png", 1, Blob),
            ("drawn/4.png", 1, Blob),
            ("samples.parquet", 1, TABULAR_PARQUET),
        ],
        (2, 1, 2, 0, 2, 0),
        &["defect"],
    ),
];

#[test]
fn every_set_that_files_describe_is_counted_as_it_is_meant() {
    hold(LAYOUTS);
}
